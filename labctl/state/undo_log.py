"""The state before each change of a lab: written before the change, and replayed backwards to heal.

An entry names the mechanism and its subject, and has all that undoing the change needs: healing reads no fault's file.
Entries are sealed, mechanism, subject and time too: they would give a hidden fault away. The column `at` is of an older
labctl, and 0 since.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from labctl.state.database import Database
from labctl.state.sealing import seal, unseal

Before = dict[str, Any]
"""The state before a change, as JSON types; each mechanism has a form of its own."""


@dataclass(frozen=True)
class Entry:
    """One change: `mechanism` changed `subject` at a time (epoch seconds); `before` is the state until then."""

    number: int
    at: float
    mechanism: str
    subject: str
    before: Before


@dataclass(frozen=True)
class UndoLog:
    """The changes of one lab that were not undone yet."""

    database: Database

    def add(self, mechanism: str, subject: str, before: Before) -> Entry:
        """Record the state of a subject that a mechanism is about to change."""
        at = time.time()
        with self.database.writing() as connection:
            body = _sealed(at, mechanism, subject, before)
            number = connection.execute("INSERT INTO undo (at, body) VALUES (0, ?)", (body,)).lastrowid
        return Entry(number or 0, at, mechanism, subject, before)

    def amend(self, entry: Entry, before: Before) -> None:
        """Replace the recorded state of an entry whose change now reaches further, such as into new containers."""
        with self.database.writing() as connection:
            body = _sealed(entry.at, entry.mechanism, entry.subject, before)
            connection.execute("UPDATE undo SET body = ? WHERE number = ?", (body, entry.number))

    def entries(self, mechanism: str | None = None, subject: str | None = None) -> list[Entry]:
        """Return the changes that were not undone, of one mechanism and subject or of all, the newest first."""
        with self.database.reading() as connection:
            rows = connection.execute("SELECT number, at, body FROM undo ORDER BY number DESC").fetchall()
        found = (Entry(row["number"], **{"at": row["at"], **json.loads(unseal(row["body"]))}) for row in rows)
        return [each for each in found if mechanism in (None, each.mechanism) and subject in (None, each.subject)]

    @property
    def last(self) -> int:
        """The number of the newest change that is left to undo; 0 without any."""
        return next((each.number for each in self.entries()), 0)

    def newest(self, mechanism: str, subject: str) -> Entry | None:
        """Return the newest change of a subject; None when no change of it is left to undo."""
        return next(iter(self.entries(mechanism, subject)), None)

    def remove(self, entries: Iterable[Entry]) -> None:
        """Remove the entries of changes that are undone."""
        with self.database.writing() as connection:
            connection.executemany("DELETE FROM undo WHERE number = ?", [(each.number,) for each in entries])


def _sealed(at: float, mechanism: str, subject: str, before: Before) -> str:
    return seal(json.dumps({"at": at, "mechanism": mechanism, "subject": subject, "before": before}))
