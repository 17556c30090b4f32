from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from time import time_ns

import pytest

from services.telemetry import counters
from services.telemetry.counters import Counters
from services.telemetry.settings import Settings
from services.telemetry.store import logs
from services.telemetry.store.bounds import Bounds
from services.telemetry.store.schema import open_for_writing


@pytest.fixture
def connection(settings: Settings) -> Iterator[sqlite3.Connection]:
    with closing(open_for_writing(settings.store_path)) as found:
        yield found


def fill(connection: sqlite3.Connection, first: int, count: int) -> None:
    connection.executemany(logs.INSERT, [(first + i, i, 1, "", "x" * 1000, "{}") for i in range(count)])


def reasons(counts: Counters) -> dict[str, int]:
    return {dict(labels)["reason"]: count for labels, count in counts.of(counters.DELETED).items() if labels}


def test_each_reason_is_counted(settings: Settings, counts: Counters, connection: sqlite3.Connection) -> None:
    bounds = Bounds(replace(settings, store_max_bytes=1_500_000), counts)
    fill(connection, 1, 500)
    fill(connection, time_ns() // 1000, 2000)
    while not bounds.keep(connection).done:
        pass
    assert reasons(counts)["age"] == 500
    assert 500 <= reasons(counts)["size"] <= 1500
    assert bounds.used_bytes <= 1_500_000
    assert not bounds.disk_is_full


def test_a_full_disk_lowers_the_bound_until_there_is_room_again(
    settings: Settings, counts: Counters, connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounds = Bounds(settings, counts)
    fill(connection, time_ns() // 1000, 2000)
    bounds.make_room(connection)
    assert bounds.disk_is_full
    assert 100 <= reasons(counts)["disk-full"] <= 600
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("usage", (), {"free": 0}))
    bounds.grow_again()
    assert bounds.disk_is_full
    monkeypatch.undo()
    bounds.grow_again()
    assert not bounds.disk_is_full
