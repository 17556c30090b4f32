from __future__ import annotations

from collections.abc import Callable

import pytest

from services.telemetry.deadline import Deadline, QueryTimeoutError
from services.telemetry.jaeger import search
from services.telemetry.jaeger.params import TraceQuery
from services.telemetry.store.reader import Reader
from tests.support.otlp import SPAN, span, traces

A, B, C = (bytes([digit]) * 16 for digit in (0xA1, 0xB2, 0xC3))


@pytest.fixture(autouse=True)
def three_traces(stored: Callable[..., None]) -> None:
    stored(
        traces(
            span("GET", trace_id=A, start_us=1000, duration_us=10, tags={"code": 200}),
            span("PUT", trace_id=B, start_us=2000, duration_us=900, tags={"code": 500}, error=True),
            span("GET", trace_id=C, start_us=3000, duration_us=500, tags={"code": 500}),
            span("GET", trace_id=C, span_id=b"12345678", start_us=3001, duration_us=1),
        ),
        traces(span("POST", trace_id=A, span_id=b"risk-one", parent_span_id=SPAN, start_us=1001), service="risk"),
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [C, B, A]),
        ({"limit": 2}, [C, B]),
        ({"operation": "GET"}, [C, A]),
        ({"start": 1500, "end": 2500}, [B]),
        ({"min_duration": 500}, [C, B]),
        ({"max_duration": 10}, [C, A]),
        ({"min_duration": 5, "max_duration": 600}, [C, A]),
        ({"tags": {"code": "500"}}, [C, B]),
        ({"tags": {"code": "500", "error": "true"}}, [B]),
        ({"tags": {"code": "500"}, "max_duration": 10}, []),
        ({"service": "nobody"}, []),
    ],
)
def test_one_span_has_to_meet_everything(reader: Reader, asked: dict[str, object], found: list[bytes]) -> None:
    query = TraceQuery(**{"service": "payments", "start": 0, "end": 10_000, **asked})  # type: ignore[arg-type]
    with reader.open() as (connection, deadline):
        assert search.find(connection, query, deadline) == found


def test_whole_traces_in_the_order_asked(reader: Reader) -> None:
    with reader.open() as (connection, deadline):
        found = search.traces(connection, [A, b"?" * 16, C], deadline)
    assert [[(one.trace_id, one.service) for one in spans] for spans in found] == [
        [(A, "payments"), (A, "risk")],
        [(C, "payments"), (C, "payments")],
    ]


def test_names(reader: Reader) -> None:
    with reader.open() as (connection, _):
        assert search.services(connection) == ["payments", "risk"]
        assert search.operations(connection, "payments") == [("GET", 2), ("PUT", 2)]


def test_calls_between_services(reader: Reader) -> None:
    with reader.open() as (connection, _):
        assert search.dependencies(connection, 0, 5000) == [("payments", "risk", 1)]
        assert search.dependencies(connection, 2000, 5000) == []


def test_calls_are_found_by_the_indexes(reader: Reader) -> None:
    with reader.open() as (connection, _):
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {search.CALLS}", (0, 5000))]
    assert not [step for step in plan if step.startswith(("SCAN child", "SCAN parent"))]


def test_a_search_keeps_its_deadline(reader: Reader) -> None:
    query = TraceQuery(service="payments", start=0, end=10_000)
    with reader.open() as (connection, _), pytest.raises(QueryTimeoutError):
        search.find(connection, query, Deadline(-1))
