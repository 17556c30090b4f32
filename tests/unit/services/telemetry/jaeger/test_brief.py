from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from labctl.lookups.spans import Trace, traces_of
from services.telemetry.jaeger import search, written
from services.telemetry.store.reader import Reader
from tests.support.otlp import SPAN, TRACE, span, traces
from tests.unit.services.telemetry.jaeger.test_written import read

OTHER = b"\x02" * 16
LINK = Span.Link(trace_id=TRACE, span_id=SPAN)


@pytest.fixture
def some_traces(stored: Callable[..., None]) -> None:
    stored(
        traces(
            span(start_us=1_000_000, duration_us=900_000, tags={"http.route": "/checkouts"}),
            span("SELECT", span_id=b"2" * 8, parent_span_id=SPAN, start_us=1_100_000, error=True),
            span("marked", span_id=b"3" * 8, parent_span_id=SPAN, start_us=1_200_000, tags={"error": True}),
            span("marked in words", span_id=b"4" * 8, parent_span_id=SPAN, start_us=1_300_000, tags={"error": "true"}),
            span("not failed", span_id=b"5" * 8, parent_span_id=SPAN, start_us=1_400_000, tags={"error": "no"}),
            span("alone", trace_id=OTHER, start_us=5_000_000),
        ),
        traces(span("entry", span_id=b"6" * 8, start_us=1_500_000, links=[LINK]), service="ledger"),
        traces(span("SELECT", span_id=b"2" * 8, parent_span_id=SPAN, start_us=1_600_000)),
    )


def answered(reader: Reader, *ids: bytes, short: bool) -> dict[str, Any]:
    with reader.open() as (connection, deadline):
        return read(written.answer(connection, ids, deadline, short=short))


def shown(trace: Trace) -> dict[str, Any]:
    """What lists of traces show."""
    spans = [(each.id, each.parent_id, each.service, each.operation, each.error) for each in trace.spans]
    times = (trace.start, trace.duration, trace.finished)
    return {"id": trace.id, "spans": spans, "times": times, "of": trace.spans_by_service, "failed": trace.errors}


@pytest.mark.usefixtures("some_traces")
class TestBrief:
    def test_a_list_shows_the_same_of_whole_traces_and_of_brief_ones(self, reader: Reader) -> None:
        ids = (OTHER, TRACE, b"\x03" * 16)
        whole, brief = (traces_of(answered(reader, *ids, short=each)) for each in (False, True))
        assert list(map(shown, brief)) == list(map(shown, whole))
        assert [len(each.spans) for each in brief] == [1, 6]
        assert [each.errors for each in brief] == [0, 3]

    def test_the_rest_is_left_out(self, reader: Reader) -> None:
        (found,) = answered(reader, TRACE, short=True)["data"]
        assert {tag["key"] for each in found["spans"] for tag in each["tags"]} == {"error"}
        assert not any("logs" in each for each in found["spans"])

    def test_a_cut_trace_says_so_itself(self, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(search, "MAX_SPANS_A_TRACE", 4)
        (found,) = answered(reader, TRACE, short=True)["data"]
        assert len(found["spans"]) == 4
        assert found["warnings"] == ["cut at 4 spans: the trace has more than an answer may hold"]


def test_it_is_asked_for_by_a_parameter(filled: Callable[..., Any]) -> None:
    client = filled(traces(span(tags={"http.route": "/checkouts"})))
    for asked, tags in (("", True), ("&brief=true", False), ("&brief=1", True)):
        (found,) = client.get(f"/api/traces?service=payments{asked}").get_json()["data"]
        assert bool(found["spans"][0]["tags"]) == tags
