"""The audit log: who did what that changes something, or was refused, and from where."""

from __future__ import annotations

import time
from dataclasses import dataclass

from labctl.state.database import Database

LONGEST = 500
MOST_ROWS = 200_000
"""The newest that are kept: whoever is refused for ever must not fill the disk."""


@dataclass(frozen=True)
class AuditEntry:
    """One line."""

    id: int
    at: float
    who: str
    team: str
    what: str
    detail: str
    address: str


@dataclass(frozen=True)
class AuditLog:
    """Where it is kept."""

    database: Database

    def add(self, what: str, *, who: str = "", team: str = "", detail: str = "", address: str = "") -> None:
        """Write a line."""
        row = (time.time(), who[:LONGEST], team, what, detail[:LONGEST], address)
        with self.database.writing() as connection:
            done = connection.execute("INSERT INTO audit VALUES (NULL, ?, ?, ?, ?, ?, ?)", row)
            connection.execute("DELETE FROM audit WHERE id <= ?", ((done.lastrowid or 0) - MOST_ROWS,))

    def entries(self, most: int = 1000) -> list[AuditEntry]:
        """Return the newest lines, the oldest of them first."""
        with self.database.reading() as connection:
            rows = connection.execute("SELECT * FROM audit ORDER BY id DESC LIMIT ?", (most,)).fetchall()
        return [AuditEntry(**dict(row)) for row in reversed(rows)]
