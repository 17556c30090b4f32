"""Rows that many spans or log records share: written once, and kept for as long as they are used."""

from __future__ import annotations

import sqlite3

Value = str | int | bytes
REFRESH_US = 60_000_000
MAX_REMEMBERED = 10_000


class Shared:
    """The ids of one table's rows by their columns; `seen` (µs) is renewed once a minute."""

    def __init__(self, table: str, columns: tuple[str, ...]) -> None:
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        # The names are this package's own constants.
        self._upsert = (
            f"INSERT INTO {table} ({names}, seen) VALUES ({marks}, ?) "  # noqa: S608
            f"ON CONFLICT ({names}) DO UPDATE SET seen = excluded.seen RETURNING id"
        )
        self._delete = f"DELETE FROM {table} WHERE seen < ?"  # noqa: S608
        self._known: dict[tuple[Value, ...], tuple[int, int]] = {}

    def id_of(self, connection: sqlite3.Connection, key: tuple[Value, ...], now_us: int) -> int:
        """Return the row's id; the row is written when it is new."""
        known = self._known.get(key)
        if known is not None and now_us - known[1] < REFRESH_US:
            return known[0]
        ((row,),) = connection.execute(self._upsert, (*key, now_us)).fetchall()
        if len(self._known) >= MAX_REMEMBERED:
            self._known.clear()
        self._known[key] = (int(row), now_us)
        return int(row)

    def forget_before(self, connection: sqlite3.Connection, cutoff_us: int) -> None:
        """Delete the rows that nothing younger than the cutoff uses; those in use were seen a minute ago at most."""
        connection.execute(self._delete, (cutoff_us - REFRESH_US,))
        self._known.clear()

    def forget_all(self) -> None:
        """Trust no remembered id: the transaction that wrote it was undone."""
        self._known.clear()
