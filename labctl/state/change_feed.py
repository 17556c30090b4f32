"""The change feed: what an on-call engineer would read of releases, configuration, flags, jobs and migrations."""

from __future__ import annotations

import time
from dataclasses import astuple, dataclass
from typing import Literal

from labctl.state.database import Database

ChangeKind = Literal["release", "configuration", "flag", "job", "migration", "operation"]
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

    def add(self, change: NewChange) -> Change:
        """Add a change that is made now; return it with its id and time."""
        at = time.time()
        with self.database.writing() as connection:
            cursor = connection.execute(
                f"INSERT INTO changes ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - a constant
                (at, *astuple(change)),
            )
        return Change(cursor.lastrowid or 0, at, *astuple(change))

    def list(self, *, since: float = 0.0, component: str | None = None) -> list[Change]:
        """Return the changes from `since` (epoch seconds) on, oldest first, of one component or of all."""
        query = f"SELECT id, {_COLUMNS} FROM changes WHERE at >= ? AND (? IS NULL OR component = ?) ORDER BY id"  # noqa: S608 - a constant
        with self.database.reading() as connection:
            return [Change(*row) for row in connection.execute(query, (since, component, component))]
