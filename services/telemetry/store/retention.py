"""The store's bounds: how old and how large it may become.

What is too much goes in small steps, each a transaction of its own: a query is never kept waiting, and what comes in
meanwhile is written between them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

TABLES = ("spans", "logs")
ROWS_A_STEP = 200
"""Of each table: a step takes some milliseconds."""


@dataclass(frozen=True)
class Pruned:
    """What pruning deleted: spans and lines that were too old, and those that had to go for others' room."""

    cutoff: int
    """Everything that arrived before it (µs) is gone."""
    aged: int = 0
    crowded: int = 0
    done: bool = True
    """Whether the store is within its bounds; if not, the time was up."""


def used_bytes(connection: sqlite3.Connection) -> int:
    """Return what the rows and their indexes take, free pages not counted."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    return int((pages - free) * size)


def newest_id(connection: sqlite3.Connection) -> int:
    """Return the last arrival that is in the store, 0 when it is empty."""
    ends = (connection.execute(f"SELECT max(id) FROM {table}").fetchone()[0] for table in TABLES)  # noqa: S608
    return max((last for last in ends if last is not None), default=0)


def prune(
    connection: sqlite3.Connection, oldest_us: int, max_bytes: int, time_is_up: Callable[[], bool] = lambda: False
) -> Pruned:
    """Delete what arrived before `oldest_us`, then more of the oldest until it fits, or the time is up."""
    aged = crowded = 0
    while (until := min(oldest_us, _next_cut(connection, oldest_us))) and (deleted := _delete(connection, until)):
        aged += deleted
        if time_is_up():
            return Pruned(until, aged, done=False)
    cutoff = oldest_us
    while used_bytes(connection) > max_bytes and (until := _next_cut(connection, 0)):
        crowded += _delete(connection, until)
        cutoff = max(cutoff, until)
        if time_is_up():
            return Pruned(cutoff, aged, crowded, done=used_bytes(connection) <= max_bytes)
    return Pruned(cutoff, aged, crowded)


def _next_cut(connection: sqlite3.Connection, otherwise: int) -> int:
    """Return the moment before which one step's rows lie: half of a table that has fewer; `otherwise` for none."""
    moments = []
    for table in TABLES:
        first = f"SELECT id FROM {table} ORDER BY id LIMIT {ROWS_A_STEP}"  # noqa: S608 - our own constants
        ids = [found for (found,) in connection.execute(first)]
        if ids:
            moments.append(ids[-1] if len(ids) == ROWS_A_STEP else ids[len(ids) // 2] + 1)
    return min(moments, default=otherwise)


def _delete(connection: sqlite3.Connection, until: int) -> int:
    """Delete what arrived before a moment, of both tables; return how many rows that were."""
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        return sum(
            connection.execute(f"DELETE FROM {table} WHERE id < ?", (until,)).rowcount  # noqa: S608 - our own constants
            for table in TABLES
        )
