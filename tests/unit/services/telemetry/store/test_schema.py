from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from services.telemetry.deadline import Deadline, QueryTimeoutError
from services.telemetry.store.schema import open_for_reading, open_for_writing

SLOW = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) SELECT count(*) FROM n"


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_a_new_store_has_its_tables(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "store.db"
    open_for_writing(path).close()
    assert tables(path) == {"origins", "operations", "spans", "streams", "logs"}


def test_a_store_of_the_same_version_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with closing(open_for_writing(path)) as connection:
        connection.execute("INSERT INTO streams VALUES (1, 's', 'info', 'i', 'v', 0)")
    with closing(open_for_writing(path)) as connection:
        assert connection.execute("SELECT count(*) FROM streams").fetchone() == (1,)


def test_an_older_store_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE spans (old)")
    open_for_writing(path).close()
    assert "streams" in tables(path)


def test_a_damaged_store_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(b"not a database" * 1000)
    open_for_writing(path).close()
    assert "spans" in tables(path)


def test_readers_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    open_for_writing(path).close()
    with (
        open_for_reading(path, Deadline(60)) as connection,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        connection.execute("DELETE FROM spans")


def test_a_query_inside_sqlite_is_given_up_in_time(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    open_for_writing(path).close()
    with (
        pytest.raises(QueryTimeoutError, match=r"0\.05 s"),
        open_for_reading(path, Deadline(0.05)) as connection,
    ):
        connection.execute(SLOW).fetchall()
