"""The tables of a lab's state, their version, and the steps from each earlier version to the next.

The version is SQLite's own `user_version`. The state of a newer labctl is refused, that of an older one is migrated in
one transaction when it is first opened.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from labctl.base.errors import LabStateError
from labctl.state.sealing import seal

TABLES = ("settings", "changes", "operations", "undo", "documents", "journal")
_MAKE = (
    "CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
    """CREATE TABLE IF NOT EXISTS changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, kind TEXT NOT NULL, component TEXT NOT NULL,
    summary TEXT NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL, author TEXT NOT NULL, detail TEXT NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS operations (
    id INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT NOT NULL, detail TEXT NOT NULL, pid INTEGER NOT NULL,
    started_at REAL NOT NULL, ended_at REAL, outcome TEXT)""",
    "CREATE TABLE IF NOT EXISTS undo (number INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, body TEXT NOT NULL)",
    """CREATE TABLE IF NOT EXISTS documents (
    kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, updated_at REAL NOT NULL, PRIMARY KEY (kind, id))""",
    """CREATE TABLE IF NOT EXISTS journal (
    number INTEGER PRIMARY KEY, at REAL NOT NULL, kind TEXT NOT NULL, payload TEXT NOT NULL, hash TEXT NOT NULL)""",
)


def _seal_settings(connection: sqlite3.Connection) -> None:
    rows = connection.execute("SELECT key, value FROM settings").fetchall()
    for key, value in rows:
        connection.execute("UPDATE settings SET value = ? WHERE key = ?", (seal(value), key))


Step = Callable[[sqlite3.Connection], None]
_STEPS: tuple[Step, ...] = (_seal_settings,)
"""The step at place N makes version N + 1 of version N; version 0 had no number yet."""
VERSION = len(_STEPS)
_NEWER = "use the newer labctl; or `labctl down`, which keeps the state in the archive, then `labctl up`"
_DAMAGED = "run `labctl down`, which sets damaged state aside, then `labctl up`"


@dataclass(frozen=True)
class Schema:
    """The tables of one kind of file, and the steps from each earlier version to the next."""

    tables: tuple[str, ...]
    statements: tuple[str, ...]
    """What makes the tables where they are missing."""
    steps: Callable[[], tuple[Step, ...]]
    newer: str
    """What to do about a file of a newer labctl."""
    damaged: str
    """What to do about a file that can't be read."""

    def make(self, connection: sqlite3.Connection, path: Path) -> None:
        """Make what is missing and migrate the rest, all or nothing. Raises LabStateError for a newer one."""
        connection.execute("BEGIN IMMEDIATE")
        version = self._version(connection, path)  # inside the transaction: another process may have been faster
        for statement in self.statements:
            connection.execute(statement)
        steps = self.steps()
        for step in steps[version:]:
            step(connection)
        connection.execute(f"PRAGMA user_version = {len(steps)}")
        connection.commit()

    def bring_up_to_date(self, connection: sqlite3.Connection, path: Path) -> None:
        """Migrate an older file; an empty one is left as it is. Raises LabStateError for a newer one."""
        older = self._version(connection, path) < len(self.steps())
        if older and connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            self.make(connection, path)

    def _version(self, connection: sqlite3.Connection, path: Path) -> int:
        version, known = int(connection.execute("PRAGMA user_version").fetchone()[0]), len(self.steps())
        if version > known:
            raise LabStateError(
                f"{path} was written by a newer labctl: its form is {version}",
                expected=f"form {known} or an earlier one, which this labctl knows",
                todo=self.newer,
            )
        return version


LAB = Schema(TABLES, _MAKE, lambda: _STEPS, _NEWER, _DAMAGED)
"""The schema of a lab's state."""
