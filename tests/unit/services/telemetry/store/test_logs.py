from __future__ import annotations

import json
from collections.abc import Callable
from time import time_ns

import pytest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue, KeyValueList
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from services.telemetry.store.logs import level_of
from services.telemetry.store.reader import Reader
from tests.support.otlp import SPAN, TRACE, logs, record

Stored = Callable[..., None]


def rows(reader: Reader) -> list[tuple[int, str, dict[str, str], str, str]]:
    select = (
        "SELECT time_ns, line, metadata, trace_id, level FROM logs l JOIN streams s ON s.id = l.stream ORDER BY l.id"
    )
    with reader.open() as (connection, _):
        return [(row[0], row[1], json.loads(row[2]), row[3], row[4]) for row in connection.execute(select)]


@pytest.mark.parametrize(
    ("number", "text", "level"),
    [
        (1, "", "trace"),
        (5, "", "debug"),
        (9, "ERROR", "info"),
        (13, "", "warn"),
        (17, "", "error"),
        (21, "", "fatal"),
        (24, "", "fatal"),
        (0, "WARNING", "warn"),
        (0, "Critical", "fatal"),
        (0, "info", "info"),
        (0, "weird", "unknown"),
        (0, "", "unknown"),
    ],
)
def test_levels(number: int, text: str, level: str) -> None:
    assert level_of(record(severity=number, severity_text=text)) == level


def test_a_record_with_its_trace(stored: Stored, reader: Reader) -> None:
    tags = {"payment.id": "p1", "amount.minor": 5}
    stored(logs(record("captured", time=7, trace_id=TRACE, span_id=SPAN, tags=tags)))
    metadata = {
        "payment_id": "p1",
        "amount_minor": "5",
        "trace_id": TRACE.hex(),
        "span_id": SPAN.hex(),
        "scope_name": "app",
    }
    assert rows(reader) == [(7, "captured", metadata, TRACE.hex(), "info")]


def test_a_body_that_is_no_text_is_json(stored: Stored, reader: Reader) -> None:
    body = AnyValue(kvlist_value=KeyValueList(values=[KeyValue(key="event", value=AnyValue(string_value="captured"))]))
    stored(logs(LogRecord(body=body, time_unix_nano=1)))
    assert rows(reader)[0][1] == '{"event": "captured"}'


def test_a_record_without_a_time_has_that_of_its_arrival(stored: Stored, reader: Reader) -> None:
    before = time_ns()
    stored(logs(record(time=0)), logs(LogRecord(observed_time_unix_nano=9)))
    (first, second) = rows(reader)
    assert before - 1_000_000 <= first[0] <= time_ns()
    assert second[0] == 9


def test_streams_are_written_once(stored: Stored, reader: Reader) -> None:
    stored(logs(record(), record(severity=17)), logs(record()), logs(record(), instance="two", service_version="2"))
    with reader.open() as (connection, _):
        found = connection.execute("SELECT service, level, instance, version FROM streams ORDER BY 3, 2").fetchall()
    assert found == [
        ("payments", "error", "one", ""),
        ("payments", "info", "one", ""),
        ("payments", "info", "two", "2"),
    ]
