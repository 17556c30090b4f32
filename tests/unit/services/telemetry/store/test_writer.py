from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from time import time_ns

import pytest

from services.telemetry import counters
from services.telemetry.counters import Counters
from services.telemetry.otlp.codec import LogsRequest, TracesRequest
from services.telemetry.settings import Settings
from services.telemetry.store.reader import Reader
from services.telemetry.store.writer import Writer, parts
from tests.support.otlp import logs, record, span, traces


@pytest.fixture
def writer(settings: Settings, counts: Counters) -> Iterator[Writer]:
    made = Writer(settings, counts, settle=0)
    yield made
    made.close()


def count(reader: Reader, table: str) -> int:
    with reader.open() as (connection, _):
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


def test_everything_offered_is_written_before_it_closes(writer: Writer, reader: Reader) -> None:
    for _ in range(50):
        assert writer.offer(traces(span()))
        assert writer.offer(logs(record(), record()))
    assert writer.alive
    writer.close()
    assert (count(reader, "spans"), count(reader, "logs")) == (50, 100)
    assert writer.waiting_bytes == 0


def test_ids_are_arrival_times_and_never_repeat(writer: Writer, reader: Reader) -> None:
    before = time_ns() // 1000
    writer.offer(traces(*(span() for _ in range(500))))
    writer.close()
    with reader.open() as (connection, _):
        ids = [found for (found,) in connection.execute("SELECT id FROM spans")]
    assert len(set(ids)) == 500
    assert before <= min(ids) <= max(ids) <= time_ns() // 1000 + 500


def test_a_restarted_writer_goes_on_after_the_last_id(settings: Settings, counts: Counters, reader: Reader) -> None:
    for _ in range(2):
        writer = Writer(settings, counts, settle=0)
        writer._last_id = max(writer._last_id, 2**60)
        writer.offer(traces(span()))
        writer.close()
    assert count(reader, "spans") == 2
    assert counts.total(counters.DROPPED) == 0


def test_a_full_queue_drops_and_counts(settings: Settings, counts: Counters) -> None:
    writer = Writer(replace(settings, queue_max_bytes=1), counts, settle=0)
    assert not writer.offer(traces(span(), span()))
    assert not writer.offer(logs(record()))
    writer.close()
    assert counts.of(counters.DROPPED) == {
        (("reason", "queue-full"), ("signal", "traces")): 2,
        (("reason", "queue-full"), ("signal", "logs")): 1,
    }


def test_a_store_that_refuses_loses_one_batch_and_not_the_thread(
    writer: Writer, counts: Counters, reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    good = writer._spans.rows
    broken = iter([sqlite3.OperationalError("database is locked")])

    def rows(*args: object) -> object:
        for error in broken:
            raise error
        return good(*args)

    writer._spans.rows = rows  # type: ignore[method-assign,assignment]
    writer._attempt([traces(span(), span())])
    writer._attempt([traces(span())])
    assert counts.of(counters.DROPPED) == {(("reason", "store-error"), ("signal", "traces")): 2}
    assert "is locked" in caplog.text
    assert count(reader, "spans") == 1


def full(writer: Writer, settings: Settings) -> None:
    """Let SQLite say that the disk is full from now on: a page more than there are is refused."""
    (pages,) = writer._connection.execute("PRAGMA page_count").fetchone()
    writer._connection.execute(f"PRAGMA max_page_count = {pages}").close()


def test_a_full_disk_takes_the_oldest_and_keeps_what_comes_in(
    settings: Settings, counts: Counters, reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    writer = Writer(settings, counts, settle=0)
    reserve = settings.store_path.with_name("store.db.reserve")
    assert reserve.exists()
    writer._attempt([traces(*(span(f"old {n}") for n in range(2000)))])
    full(writer, settings)
    writer._attempt([traces(*(span("new") for n in range(300)))])
    assert writer.disk_is_full
    assert not reserve.exists()
    assert counts.total(counters.DROPPED) == 0
    assert counts.of(counters.DELETED)[(("reason", "disk-full"),)] >= 200
    with reader.open() as (connection, _):
        assert connection.execute("SELECT count(*) FROM spans WHERE operation = 'new'").fetchone() == (300,)
        assert connection.execute("SELECT count(*) FROM spans WHERE operation = 'old 0'").fetchone() == (0,)
    assert "the disk is full" in caplog.text
    writer._keep(0.0)
    assert not writer.disk_is_full
    assert reserve.exists()
    writer.close()


def test_what_finds_no_room_at_all_is_dropped_and_counted(settings: Settings, counts: Counters) -> None:
    writer = Writer(settings, counts, settle=0)
    full(writer, settings)
    writer._attempt([traces(*(span(f"new {n}") for n in range(1000)))])
    assert counts.of(counters.DROPPED) == {(("reason", "store-error"), ("signal", "traces")): 1000}
    assert writer.alive
    writer.close()


def test_a_damaged_store_begins_anew(
    settings: Settings, counts: Counters, reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    writer = Writer(settings, counts, settle=0)
    writer._attempt([traces(*(span(f"old {n}") for n in range(2000)))])
    writer._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    with settings.store_path.open("r+b") as opened:
        opened.seek(8192)
        opened.write(b"x" * 200_000)
    writer._connection.execute("PRAGMA shrink_memory").close()
    writer._attempt([traces(span("new"))])
    assert count(reader, "spans") == 1
    assert "damaged" in caplog.text
    assert counts.total(counters.DROPPED) == 0
    writer.close()


def test_a_flood_keeps_within_the_size_and_counts_what_went(settings: Settings, counts: Counters) -> None:
    writer = Writer(replace(settings, store_max_bytes=1_000_000), counts, settle=0)
    for turn in range(30):
        writer.offer(traces(*(span(f"{turn} {n}") for n in range(200))))
    writer.close()
    assert writer.used_bytes < 1_200_000
    assert counts.of(counters.DELETED)[(("reason", "size"),)] > 2000
    assert counts.total(counters.DROPPED) == 0


def test_what_waits_is_cut_into_transactions_in_order() -> None:
    batches: list[TracesRequest | LogsRequest] = [traces(span("x" * 400)) for _ in range(5)]
    cut = list(parts(batches, 2 * batches[0].ByteSize()))
    assert [len(each) for each in cut] == [2, 2, 1]
    assert [each for part in cut for each in part] == batches
    assert list(parts([], 1)) == []


def test_pruning_also_forgets_what_nothing_uses(settings: Settings, counts: Counters, reader: Reader) -> None:
    writer = Writer(replace(settings, retention_seconds=1), counts, settle=0)
    writer._attempt([traces(span()), logs(record())])
    long_ago = "UPDATE {} SET {} = 5"
    with writer._connection as connection:
        for table, column in (("spans", "id"), ("logs", "id"), ("origins", "seen"), ("operations", "seen")):
            connection.execute(long_ago.format(table, column))
        connection.execute(long_ago.format("streams", "seen"))
    writer._keep(0.0)
    for table in ("spans", "logs", "origins", "operations", "streams"):
        assert count(reader, table) == 0
    assert writer.used_bytes > 0
    writer._attempt([traces(span())])
    assert count(reader, "origins") == 1
    writer.close()
