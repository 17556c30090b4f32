"""The change feed: what an on-call engineer would read of releases, configuration, flags, jobs and migrations."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Literal

from labctl.state.database import Database
from labctl.state.sealing import seal, unseal

ChangeKind = Literal["release", "configuration", "flag", "job", "migration", "traffic", "operation"]
PASSING = frozenset({"job", "traffic"})
"""The kinds that change no file, and come and go by themselves."""
LEFT_BEHIND = "left-behind"
"""The setting with the ids of the entries that are in the feed no more. It is sealed: it tells what was undone."""
_COLUMNS = "at, kind, component, summary, old, new, author, detail"


@dataclass(frozen=True)
class Change:
    """One entry of the feed, at `at` (epoch seconds); `detail` is a unified diff, or empty."""

    id: int
    at: float
    kind: ChangeKind
    component: str
    summary: str
    old: str
    new: str
    author: str
    detail: str = ""

    @property
    def title(self) -> str:
        """The summary's first line, as lists show it; `labctl diff` shows all of it."""
        return self.summary.partition("\n")[0]


@dataclass(frozen=True)
class NewChange:
    """A change that is not in the feed yet: without id and time."""

    kind: ChangeKind
    component: str
    summary: str
    old: str
    new: str
    author: str
    detail: str = ""


@dataclass(frozen=True)
class ChangeFeed:
    """The changes of one lab."""

    database: Database

    def add(self, change: NewChange, at: float | None = None) -> Change:
        """Add a change that is made now, or was made at `at` (epoch seconds); return it with its id and time."""
        at = time.time() if at is None else at
        with self.database.writing() as connection:
            cursor = connection.execute(
                f"INSERT INTO changes ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - a constant
                (at, *astuple(change)),
            )
        return Change(cursor.lastrowid or 0, at, *astuple(change))

    def add_past(self, changes: Iterable[tuple[float, NewChange]]) -> None:
        """Add changes that were made at given moments (epoch seconds), all of them or none."""
        rows = [(at, *astuple(change)) for at, change in sorted(changes, key=lambda each: each[0])]
        with self.database.writing() as connection:
            connection.executemany(
                f"INSERT INTO changes ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - a constant
                rows,
            )

    def list(self, *, since: float = 0.0, component: str | None = None, past: bool = False) -> list[Change]:
        """Return the changes from `since` (epoch seconds) on, oldest first, of one component or of all.

        With `past`, those too that `leave_behind` took out of the feed.
        """
        query = f"SELECT id, {_COLUMNS} FROM changes WHERE at >= ? AND (? IS NULL OR component = ?) ORDER BY at, id"  # noqa: S608 - a constant
        with self.database.reading() as connection:
            left = set() if past else _left_behind(connection)
            rows = connection.execute(query, (since, component, component))
            return [Change(*row) for row in rows if row["id"] not in left]

    def leave_behind(self, ids: Iterable[int]) -> None:
        """Take entries out of the feed, as if their changes had never been made; `list` finds them with `past` only."""
        with self.database.writing() as connection:
            value = seal(json.dumps({"ids": sorted(_left_behind(connection).union(ids))}))
            connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (LEFT_BEHIND, value))

    def last_id(self) -> int:
        """Return the id of the newest entry; 0 in an empty feed."""
        with self.database.reading() as connection:
            return int(connection.execute("SELECT coalesce(max(id), 0) FROM changes").fetchone()[0])

    def remove_after(self, last: int) -> None:
        """Remove the entries that were added after the one with this id: what they told was taken back."""
        with self.database.writing() as connection:
            connection.execute("DELETE FROM changes WHERE id > ?", (last,))

    def replace_after(self, last: int, changes: Iterable[NewChange]) -> None:
        """Put entries for changes that are made now in place of all that were added after this one."""
        rows = [(time.time(), *astuple(change)) for change in changes]
        with self.database.writing() as connection:
            connection.execute("DELETE FROM changes WHERE id > ?", (last,))
            connection.executemany(
                f"INSERT INTO changes ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - a constant
                rows,
            )


def _left_behind(connection: sqlite3.Connection) -> set[int]:
    row = connection.execute("SELECT value FROM settings WHERE key = ?", (LEFT_BEHIND,)).fetchone()
    return set(json.loads(unseal(row["value"]))["ids"]) if row else set()
