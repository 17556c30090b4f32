"""The SQLite file behind a lab's state: its tables, its transactions, and its failures in plain words.

Write-ahead logging lets look-ups record themselves while a command that holds the lab's lock writes too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from labctl.base.errors import HostError, LabctlError, LabStateError
from labctl.base.private_files import touch_private

BUSY_TIMEOUT_S = 10.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, kind TEXT NOT NULL, component TEXT NOT NULL,
    summary TEXT NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL, author TEXT NOT NULL, detail TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS operations (
    id INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT NOT NULL, detail TEXT NOT NULL, pid INTEGER NOT NULL,
    started_at REAL NOT NULL, ended_at REAL, outcome TEXT);
CREATE TABLE IF NOT EXISTS undo (number INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS documents (
    kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, updated_at REAL NOT NULL, PRIMARY KEY (kind, id));
CREATE TABLE IF NOT EXISTS journal (
    number INTEGER PRIMARY KEY, at REAL NOT NULL, kind TEXT NOT NULL, payload TEXT NOT NULL, hash TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Database:
    """One SQLite file. Every transaction has a connection of its own, so threads and processes may share this."""

    path: Path

    def prepare(self) -> None:
        """Make the file (0600) and its tables, where missing."""
        touch_private(self.path)
        with self._connected() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_SCHEMA)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection for queries, rows by column name."""
        with self._connected() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection inside one transaction: no other writer comes between, and all of it is kept, or none."""
        with self._connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            # Not reached when the caller fails: closing the connection then rolls everything back.
            connection.commit()

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            # mode=rw: a database that `down` removed meanwhile must not come back as an empty file.
            uri = f"{self.path.absolute().as_uri()}?mode=rw"
            with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None)) as connection:
                connection.row_factory = sqlite3.Row
                yield connection
        except sqlite3.Error as error:
            raise explain(error, self.path) from error


def explain(error: sqlite3.Error, path: Path) -> LabctlError:
    """Return SQLite's error in plain words: HostError for the disk, LabStateError for the file."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return HostError(
            f"the disk is full: cannot write {path}", todo="free some space, then run the same command again"
        )
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return HostError(
            f"cannot use {path}: {error}",
            expected="a writable disk with space left",
            todo="free some space or mend the permissions; `labctl doctor` looks at both",
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LabStateError(
            f"{path} is kept busy by another process for over {BUSY_TIMEOUT_S:.0f} s",
            todo="wait for the other labctl command to end, then try again",
        )
    return LabStateError(
        f"{path} cannot be read: {error}",
        expected="the state that labctl wrote",
        todo="run `labctl down`, which sets damaged state aside, then `labctl up`",
    )
