"""The SQLite file behind a lab's state, or a game day's: its tables, its transactions, and its failures in plain words.

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
from labctl.state import reserve
from labctl.state.schema import LAB, Schema

BUSY_TIMEOUT_S = 10.0
_NO_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
"""What SQLite says when it can't make the small files that it works with beside the database."""


@dataclass(frozen=True)
class Database:
    """One SQLite file. Every transaction has a connection of its own, so threads and processes may share this."""

    path: Path
    schema: Schema = LAB

    def prepare(self) -> None:
        """Make the file (0600) and its tables, where missing; migrate those of an older labctl."""
        touch_private(self.path)
        with self._opened() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            self.schema.make(connection, self.path)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection for queries, rows by column name."""
        with self._connected() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection inside one transaction: no other writer comes between, and all of it is kept, or none."""
        reserve.release_if_short()
        with self._connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            # Not reached when the caller fails: closing the connection then rolls everything back.
            connection.commit()

    def copy_to(self, path: Path) -> None:
        """Write a copy of the whole database, as it is at one moment, to the file `path` (0600)."""
        touch_private(path)
        try:
            with self._connected() as connection, closing(sqlite3.connect(path)) as copy:
                connection.backup(copy)
        except sqlite3.Error as error:
            raise explain(error, path, self.schema) from error

    def differences(self, copy: Database) -> list[str]:
        """Return in what a copy differs from this: damage that SQLite finds, and tables with other contents."""
        with self.reading() as ours, copy.reading() as theirs:
            said = [str(row[0]) for row in theirs.execute("PRAGMA integrity_check")]
            if said != ["ok"]:
                return said
            return [table for table in self.schema.tables if _contents(ours, table) != _contents(theirs, table)]

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with self._opened(alone=self._cannot_share()) as connection:
            self.schema.bring_up_to_date(connection, self.path)
            yield connection

    def _cannot_share(self) -> bool:
        """Whether a full disk keeps SQLite from sharing its index of the log; the reserve is given back then."""
        if not reserve.is_short(self.path.parent):
            return False  # the usual case, and one file to open less
        try:
            with self._raw() as connection:
                connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _NO_ROOM:
                return False  # asked again, and explained, by whoever opens the file
            return not reserve.release_if_short()
        return False

    @contextmanager
    def _opened(self, *, alone: bool = False) -> Iterator[sqlite3.Connection]:
        """Give a connection; one that has the file `alone` keeps its index of the log in memory."""
        try:
            with self._raw() as connection:
                if alone:
                    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
                yield connection
        except sqlite3.Error as error:
            raise explain(error, self.path, self.schema) from error

    def _raw(self) -> closing[sqlite3.Connection]:
        # mode=rw: a database that `down` removed meanwhile must not come back as an empty file.
        uri = f"{self.path.absolute().as_uri()}?mode=rw"
        connection = sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None)
        connection.row_factory = sqlite3.Row
        return closing(connection)


def _contents(connection: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    return sorted(tuple(row) for row in connection.execute(f"SELECT * FROM {table}"))  # noqa: S608 - a constant


def explain(error: sqlite3.Error, path: Path, schema: Schema = LAB) -> LabctlError:
    """Return SQLite's error in plain words: HostError for the disk, LabStateError for the file."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    busy = code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    # On a full disk, SQLite takes a file beside the database that it can't make for one that somebody else holds.
    if code == sqlite3.SQLITE_FULL or (busy and reserve.is_short(path.parent)):
        return HostError(
            f"the disk is full: cannot write {path}", todo="free some space, then run the same command again"
        )
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return HostError(
            f"cannot use {path}: {error}",
            expected="a writable disk with space left",
            todo="free some space or mend the permissions; `labctl doctor` looks at both",
        )
    if busy:
        return LabStateError(
            f"{path} is kept busy by another process for over {BUSY_TIMEOUT_S:.0f} s",
            todo="wait for the other labctl command to end, then try again",
        )
    return LabStateError(
        f"{path} cannot be read: {error}",
        expected="the state that labctl wrote",
        todo=schema.damaged,
    )
