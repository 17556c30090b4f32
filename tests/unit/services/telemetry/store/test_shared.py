from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from services.telemetry.store import shared as module
from services.telemetry.store.schema import open_for_writing
from services.telemetry.store.shared import REFRESH_US, Shared


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_for_writing(tmp_path / "store.db")) as found:
        yield found


@pytest.fixture
def operations() -> Shared:
    return Shared("operations", ("service", "name", "kind"))


def rows(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    return connection.execute("SELECT name, seen FROM operations ORDER BY name").fetchall()


def test_a_row_is_written_once(connection: sqlite3.Connection, operations: Shared) -> None:
    first = operations.id_of(connection, ("a", "GET", 2), 5)
    assert operations.id_of(connection, ("a", "GET", 2), 6) == first
    assert Shared("operations", ("service", "name", "kind")).id_of(connection, ("a", "GET", 2), 7) == first
    assert operations.id_of(connection, ("a", "PUT", 2), 8) != first
    assert rows(connection) == [("GET", 7), ("PUT", 8)]


def test_use_renews_it_once_a_minute(connection: sqlite3.Connection, operations: Shared) -> None:
    for now in (0, REFRESH_US - 1, REFRESH_US, REFRESH_US + 1):
        operations.id_of(connection, ("a", "GET", 2), now)
    assert rows(connection) == [("GET", REFRESH_US)]


def test_what_is_not_used_any_more_goes(connection: sqlite3.Connection, operations: Shared) -> None:
    operations.id_of(connection, ("a", "old", 2), 0)
    operations.id_of(connection, ("a", "new", 2), 5 * REFRESH_US)
    operations.forget_before(connection, 3 * REFRESH_US)
    assert rows(connection) == [("new", 5 * REFRESH_US)]
    operations.id_of(connection, ("a", "old", 2), 6 * REFRESH_US)
    assert len(rows(connection)) == 2


def test_after_a_rollback_ids_are_asked_for_again(connection: sqlite3.Connection, operations: Shared) -> None:
    connection.execute("BEGIN")
    operations.id_of(connection, ("a", "GET", 2), 0)
    connection.execute("ROLLBACK")
    operations.forget_all()
    operations.id_of(connection, ("a", "GET", 2), 0)
    assert rows(connection) == [("GET", 0)]


def test_memory_is_bounded(connection: sqlite3.Connection, operations: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_REMEMBERED", 3)
    for number in range(10):
        operations.id_of(connection, ("a", str(number), 2), 0)
    assert len(operations._known) <= 3
    assert len(rows(connection)) == 10
