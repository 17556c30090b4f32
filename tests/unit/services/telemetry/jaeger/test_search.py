from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

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
        ({"limit": 1}, [C, B]),  # one more than asked for says that there are more
        ({"service": "*"}, [C, B, A]),
        ({"service": "*", "operation": "POST"}, [A]),
        ({"operation_part": "g"}, [C, A]),
        ({"operation_part": "nothing"}, []),
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
    query = TraceQuery(**{"service": "payments", "start": 0, "end": 10_000, **asked})
    with reader.open() as (connection, deadline):
        assert search.find(connection, query, deadline) == found


def test_a_traces_spans_come_in_order_of_time(reader: Reader) -> None:
    with reader.open() as (connection, deadline):
        found = {id: list(search.spans(connection, id, deadline, [])) for id in (A, b"?" * 16, C)}
    assert [[(one.trace_id, one.service) for one in spans] for spans in found.values()] == [
        [(A, "payments"), (A, "risk")],
        [],
        [(C, "payments"), (C, "payments")],
    ]


@pytest.mark.parametrize("limit", ["MAX_SPANS_A_TRACE", "MAX_TRACE_BYTES"])
def test_a_large_trace_is_cut_and_says_so(reader: Reader, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(search, limit, 1)
    cut: list[str] = []
    with reader.open() as (connection, deadline):
        assert len(list(search.spans(connection, C, deadline, cut))) == 1
    assert cut == ["cut at 1 spans: the trace has more than an answer may hold"]


def test_a_trace_ends_with_the_time(reader: Reader) -> None:
    cut: list[str] = []
    with reader.open() as (connection, _):
        assert list(search.spans(connection, C, Deadline(-1), cut)) == []
    assert "took longer" in cut[0]


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


def test_the_calls_of_a_trace_cost_no_more_the_larger_it_is(reader: Reader, stored: Callable[..., None]) -> None:
    """Steps of SQLite's machine, and no time: they are the same on every host."""
    small, large = (steps_of_calls(reader, stored, count) for count in (200, 2000))
    assert large < 20 * small


def steps_of_calls(reader: Reader, stored: Callable[..., None], count: int) -> int:
    """Count the steps for a chain of `count` services' calls in one trace."""
    ids = [number.to_bytes(8, "big") for number in range(1, count + 1)]
    at = 10_000 * count
    chain = [
        span(trace_id=bytes([count % 251 + 1]) * 16, span_id=own, parent_span_id=parent, start_us=at)
        for parent, own in pairwise(ids)
    ]
    stored(traces(*chain[::2], service="even"), traces(*chain[1::2], service="odd"))
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    with reader.open() as (connection, _):
        connection.set_progress_handler(step, 10)
        found = search.dependencies(connection, at, at)
    assert sum(calls for _, _, calls in found) == count - 2
    return steps


def test_a_search_keeps_its_deadline(reader: Reader) -> None:
    query = TraceQuery(service="payments", start=0, end=10_000)
    with reader.open() as (connection, _), pytest.raises(QueryTimeoutError):
        search.find(connection, query, Deadline(-1))
