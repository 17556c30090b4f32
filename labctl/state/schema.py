"""The tables of a lab's state, their version, and the steps from each earlier version to the next.

The version is SQLite's own `user_version`. The state of a newer labctl is refused, that of an older one is migrated in
one transaction when it is first opened.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
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


_STEPS: tuple[Callable[[sqlite3.Connection], None], ...] = (_seal_settings,)
"""The step at place N makes version N + 1 of version N; version 0 had no number yet."""
VERSION = len(_STEPS)


def make(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables that are missing and migrate the others, all or nothing. Raises LabStateError for a newer one."""
    connection.execute("BEGIN IMMEDIATE")
    version = _version(connection, path)  # asked inside the transaction: another process may have been faster
    for statement in _MAKE:
        connection.execute(statement)
    for step in _STEPS[version:]:
        step(connection)
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.commit()


def bring_up_to_date(connection: sqlite3.Connection, path: Path) -> None:
    """Migrate an older state; an empty file is left as it is. Raises LabStateError for a newer one."""
    if _version(connection, path) < VERSION and connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
        make(connection, path)


def _version(connection: sqlite3.Connection, path: Path) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise LabStateError(
            f"{path} was written by a newer labctl: its form is {version}",
            expected=f"form {VERSION} or an earlier one, which this labctl knows",
            todo="use the newer labctl; or `labctl down`, which keeps the state in the archive, then `labctl up`",
        )
    return version
