"""The store's bounds: how old and how large it may become."""

from __future__ import annotations

import sqlite3

TABLES = ("spans", "logs")
MAX_ROUNDS = 20
SHARE_A_ROUND = 0.1
"""Of the time that the store covers, deleted at once when it is too large."""


def used_bytes(connection: sqlite3.Connection) -> int:
    """Return what the rows and their indexes take, free pages not counted."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    return int((pages - free) * size)


def newest_id(connection: sqlite3.Connection) -> int:
    """Return the last arrival that is in the store, 0 when it is empty."""
    return _covered(connection)[1]


def prune(connection: sqlite3.Connection, oldest_us: int, max_bytes: int) -> int:
    """Delete what arrived before `oldest_us`, then more of the oldest until it fits; returns the final cutoff (µs)."""
    cutoff = oldest_us
    _delete_before(connection, cutoff)
    for _ in range(MAX_ROUNDS):
        if used_bytes(connection) <= max_bytes:
            break
        first, last = _covered(connection)
        cutoff = first + max(int((last - first) * SHARE_A_ROUND), 1)
        _delete_before(connection, cutoff)
    return cutoff


def _delete_before(connection: sqlite3.Connection, cutoff: int) -> None:
    for table in TABLES:
        connection.execute(f"DELETE FROM {table} WHERE id < ?", (cutoff,))  # noqa: S608 - our own constants


def _covered(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return the first and the last arrival (µs) that are in the store."""
    ends = [connection.execute(f"SELECT min(id), max(id) FROM {table}").fetchone() for table in TABLES]  # noqa: S608
    present = [(first, last) for first, last in ends if first is not None]
    return min((first for first, _ in present), default=0), max((last for _, last in present), default=0)
