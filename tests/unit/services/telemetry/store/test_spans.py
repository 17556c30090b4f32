from __future__ import annotations

from collections.abc import Callable

from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span

from services.telemetry.otlp.codec import TracesRequest
from services.telemetry.store.reader import Reader
from tests.support.otlp import SPAN, TRACE, span, traces

Stored = Callable[..., None]


def query(reader: Reader, select: str) -> list[tuple[object, ...]]:
    with reader.open() as (connection, _):
        return connection.execute(select).fetchall()


def test_a_span_keeps_all_that_otlp_said(stored: Stored, reader: Reader) -> None:
    link = Span.Link(trace_id=TRACE, span_id=SPAN)
    event = Span.Event(name="retry", time_unix_nano=5)
    sent = span(tags={"a": 1}, events=[event], links=[link], trace_state="x=y", error=True)
    stored(traces(sent, host_name="h1"))
    ((body, origin),) = query(reader, "SELECT s.body, o.body FROM spans s JOIN origins o ON o.id = s.origin")
    assert isinstance(body, bytes)
    assert isinstance(origin, bytes)
    assert Span.FromString(body) == sent
    found = ResourceSpans.FromString(origin)
    assert found.scope_spans[0].scope.name == "http"
    assert [item.key for item in found.resource.attributes] == ["service.name", "service.instance.id", "host.name"]
    assert not found.scope_spans[0].spans


def test_the_columns_are_what_queries_ask_for(stored: Stored, reader: Reader) -> None:
    stored(traces(span("GET", start_us=1_000_000, duration_us=250, error=True, parent_span_id=b"12345678")))
    select = "SELECT trace_id, span_id, parent_id, service, operation, start_us, duration_us, kind, status FROM spans"
    assert query(reader, select) == [(TRACE, SPAN, b"12345678", "payments", "GET", 1_000_000, 250, 2, 2)]


def test_resources_and_operations_are_written_once(stored: Stored, reader: Reader) -> None:
    stored(traces(span("GET"), span("GET")), traces(span("PUT")), traces(span("GET"), service="risk"))
    assert query(reader, "SELECT count(*) FROM spans") == [(4,)]
    assert query(reader, "SELECT service FROM origins ORDER BY 1") == [("payments",), ("risk",)]
    assert query(reader, "SELECT service, name, kind FROM operations ORDER BY 1, 2") == [
        ("payments", "GET", 2),
        ("payments", "PUT", 2),
        ("risk", "GET", 2),
    ]


def test_spans_without_ids_are_left_out(stored: Stored, reader: Reader) -> None:
    stored(traces(span(trace_id=b""), span(span_id=b""), span("good")))
    assert query(reader, "SELECT operation FROM spans") == [("good",)]


def test_odd_times_do_not_break_it(stored: Stored, reader: Reader) -> None:
    odd = Span(trace_id=TRACE, span_id=SPAN, start_time_unix_nano=2**64 - 1, end_time_unix_nano=5, kind=99)
    stored(traces(odd, Span(trace_id=TRACE, span_id=SPAN, start_time_unix_nano=9)))
    assert query(reader, "SELECT duration_us FROM spans") == [(0,), (0,)]


def test_a_resource_without_a_name(stored: Stored, reader: Reader) -> None:
    batch: TracesRequest = traces(span())
    batch.resource_spans[0].resource.Clear()
    stored(batch)
    assert query(reader, "SELECT service FROM spans") == [("unknown_service",)]
