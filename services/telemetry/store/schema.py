"""The tables, and how they are opened.

Ids of spans and log records are their arrival in microseconds (made unique), so that retention deletes a range of
primary keys and needs no index of its own. What many rows share (resource and scope, stream labels) is written once.
A span's `body` is the OTLP Span itself: nothing is lost, and a tag is found by the bytes that it is encoded to.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from services.telemetry.deadline import Deadline, QueryTimeoutError

SCHEMA_VERSION = 2
BUSY_SECONDS = 5.0
STEPS_BETWEEN_CHECKS = 20_000

SCHEMA = """
CREATE TABLE origins (
    id INTEGER PRIMARY KEY, service TEXT NOT NULL, body BLOB NOT NULL, seen INTEGER NOT NULL,
    UNIQUE (service, body)
);
CREATE TABLE operations (
    id INTEGER PRIMARY KEY, service TEXT NOT NULL, name TEXT NOT NULL, kind INTEGER NOT NULL, seen INTEGER NOT NULL,
    UNIQUE (service, name, kind)
);
CREATE TABLE spans (
    id INTEGER PRIMARY KEY,
    trace_id BLOB NOT NULL, span_id BLOB NOT NULL, parent_id BLOB NOT NULL,
    origin INTEGER NOT NULL, service TEXT NOT NULL, operation TEXT NOT NULL,
    start_us INTEGER NOT NULL, duration_us INTEGER NOT NULL, kind INTEGER NOT NULL, status INTEGER NOT NULL,
    body BLOB NOT NULL
);
CREATE INDEX spans_of_trace ON spans (trace_id, span_id);
CREATE INDEX spans_of_service ON spans (service, start_us);
CREATE TABLE streams (
    id INTEGER PRIMARY KEY,
    service TEXT NOT NULL, level TEXT NOT NULL, instance TEXT NOT NULL, version TEXT NOT NULL, seen INTEGER NOT NULL,
    UNIQUE (service, level, instance, version)
);
CREATE TABLE logs (
    id INTEGER PRIMARY KEY,
    time_ns INTEGER NOT NULL, stream INTEGER NOT NULL, trace_id TEXT NOT NULL,
    line TEXT NOT NULL, metadata TEXT NOT NULL
);
CREATE INDEX logs_in_time ON logs (time_ns, stream);
CREATE INDEX logs_of_trace ON logs (trace_id) WHERE trace_id != '';
"""


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Return the writer's connection; an older or damaged file is replaced, since telemetry can be lost."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _prepared(path)
    except sqlite3.DatabaseError:
        remove(path)
        return _prepared(path)


def remove(path: Path) -> None:
    """Remove a store, its log included."""
    for leftover in path.parent.glob(f"{path.name}*"):
        leftover.unlink()


def _prepared(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        # Durability is not wanted: after a crash the next process begins anew if it has to.
        connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -4000;")
        connection.execute("PRAGMA journal_size_limit = 8388608").close()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version != SCHEMA_VERSION:
            # On a file of another version this fails (the tables exist), and the file is replaced.
            connection.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def open_for_reading(path: Path, deadline: Deadline) -> Iterator[sqlite3.Connection]:
    """Return a read-only connection for one query; raises QueryTimeoutError when the deadline passes inside SQLite."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, check_same_thread=False)) as connection:
        connection.set_progress_handler(deadline.expired, STEPS_BETWEEN_CHECKS)
        try:
            yield connection
        except sqlite3.OperationalError as error:
            if deadline.expired():
                raise QueryTimeoutError(f"the query took longer than {deadline.seconds:g} s") from error
            raise
