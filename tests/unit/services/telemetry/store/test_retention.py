from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from services.telemetry.store import logs, spans
from services.telemetry.store.retention import ROWS_A_STEP, newest_id, prune, used_bytes
from services.telemetry.store.schema import open_for_writing


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_for_writing(tmp_path / "store.db")) as found:
        yield found


def fill(connection: sqlite3.Connection, ids: range, size: int = 10) -> None:
    span_rows = [(i, bytes([i % 256]) * 16, b"12345678", b"", 1, "s", "o", i, 1, 2, 0, b"x" * size) for i in ids]
    connection.executemany(spans.INSERT, span_rows)
    connection.executemany(logs.INSERT, [(i, i * 1000, 1, "", "x" * size, "{}") for i in ids])


def ids(connection: sqlite3.Connection, table: str) -> list[int]:
    return [found for (found,) in connection.execute(f"SELECT id FROM {table} ORDER BY id")]  # noqa: S608


def test_an_empty_store_is_pruned_too(connection: sqlite3.Connection) -> None:
    assert newest_id(connection) == 0
    assert prune(connection, 5, 1).cutoff > 0


def test_what_arrived_too_long_ago_goes(connection: sqlite3.Connection) -> None:
    fill(connection, range(10))
    assert newest_id(connection) == 9
    pruned = prune(connection, 7, 10**9)
    assert (pruned.cutoff, pruned.aged, pruned.crowded, pruned.done) == (7, 14, 0, True)
    assert ids(connection, "spans") == ids(connection, "logs") == [7, 8, 9]


def test_a_store_that_is_too_large_loses_its_oldest(connection: sqlite3.Connection) -> None:
    fill(connection, range(1000), size=2000)
    before = used_bytes(connection)
    pruned = prune(connection, 0, before // 2)
    assert used_bytes(connection) <= before // 2
    left = ids(connection, "spans")
    assert left == ids(connection, "logs") == list(range(pruned.cutoff, 1000))
    assert pruned.crowded == 2 * (1000 - len(left))
    assert 300 < len(left) < 600


def test_freed_room_is_used_again(connection: sqlite3.Connection) -> None:
    fill(connection, range(1000), size=2000)
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    prune(connection, 1000, 10**9)
    assert used_bytes(connection) < 200_000
    fill(connection, range(1000, 2000), size=2000)
    assert connection.execute("PRAGMA page_count").fetchone()[0] <= pages * 1.05


def test_much_that_is_too_old_goes_in_small_steps_and_stops_in_time(connection: sqlite3.Connection) -> None:
    fill(connection, range(5 * ROWS_A_STEP))
    transactions: list[str] = []
    connection.set_trace_callback(transactions.append)
    pruned = prune(connection, 4 * ROWS_A_STEP, 10**9, lambda: True)
    assert transactions.count("BEGIN IMMEDIATE") == 1
    assert not pruned.done
    assert 0 < pruned.aged <= 2 * ROWS_A_STEP
    assert ids(connection, "spans")[0] == pruned.cutoff
    prune(connection, 4 * ROWS_A_STEP, 10**9)
    assert transactions.count("BEGIN IMMEDIATE") >= 4
    assert ids(connection, "spans") == ids(connection, "logs") == list(range(4 * ROWS_A_STEP, 5 * ROWS_A_STEP))


def test_few_large_rows_do_not_all_go_at_once(connection: sqlite3.Connection) -> None:
    fill(connection, range(64), size=100_000)
    prune(connection, 0, used_bytes(connection) - 1_000_000)
    assert 30 <= len(ids(connection, "spans")) < 64


def test_a_query_is_answered_while_the_oldest_goes(connection: sqlite3.Connection, tmp_path: Path) -> None:
    fill(connection, range(2 * ROWS_A_STEP))
    with closing(sqlite3.connect(tmp_path / "store.db", timeout=0)) as reader:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM spans WHERE id < 500")
        assert reader.execute("SELECT count(*) FROM spans").fetchone() == (2 * ROWS_A_STEP,)
        connection.execute("COMMIT")
