from __future__ import annotations

import pytest

from labctl.lookups.spans import Span, Trace, traces_of
from tests.support.jaeger_answers import TRACE_ID, answer, checkout


@pytest.fixture
def trace() -> Trace:
    return traces_of(answer(checkout()))[0]


def test_a_trace_spans_from_its_first_start_to_its_last_end(trace: Trace) -> None:
    assert trace.id == TRACE_ID
    assert trace.start == 1760000000.0
    assert trace.duration == pytest.approx(0.62)


def test_the_root_is_the_request_as_it_entered(trace: Trace) -> None:
    assert (trace.root.service, trace.root.operation) == ("gateway", "POST /v1/checkouts")


def test_services_come_in_order_of_appearance_with_their_spans(trace: Trace) -> None:
    assert list(trace.spans_by_service.items()) == [("gateway", 2), ("payments", 3), ("risk", 1)]


def test_errors_are_counted_by_span(trace: Trace) -> None:
    assert trace.errors == 1


def test_a_span_knows_its_parent_its_attributes_and_its_events(trace: Trace) -> None:
    attempt = next(span for span in trace.spans if span.id == "c1")

    assert attempt.parent_id == "b2"
    assert attempt.attributes["error.type"] == "timeout"
    assert attempt.events[0].at == pytest.approx(1760000000.206)
    assert attempt.events[0].attributes == {"exception.message": "timed out"}
    assert attempt.duration == pytest.approx(0.201)


@pytest.mark.parametrize(
    ("attributes", "error"),
    [
        ({"error": True}, True),
        ({"error": "true"}, True),
        ({"otel.status_code": "ERROR"}, True),
        ({"error": False}, False),
        ({"otel.status_code": "OK"}, False),
        ({}, False),
    ],
)
def test_every_spelling_of_a_failure_counts(attributes: dict[str, str | bool], error: bool) -> None:
    assert Span("a", None, "risk", "op", 0, 1, dict(attributes)).error is error


def test_without_a_root_the_first_orphan_stands_for_the_trace() -> None:
    late = Span("b", "gone", "risk", "late", 2, 1)
    early = Span("a", "gone", "payments", "early", 1, 1)
    below = Span("c", "a", "risk", "below", 0.5, 1)

    assert Trace("t", (late, early, below)).root == early


def test_a_cycle_still_has_a_root() -> None:
    spans = (Span("a", "b", "risk", "x", 2, 1), Span("b", "a", "risk", "y", 1, 1))

    assert Trace("t", spans).root == spans[1]


def test_a_consumer_follows_from_its_producer() -> None:
    document = checkout()
    document["spans"][5]["references"] = [
        {"refType": "FOLLOWS_FROM", "traceID": "0" * 32, "spanID": "elsewhere"},
        {"refType": "FOLLOWS_FROM", "traceID": TRACE_ID, "spanID": "b2"},
    ]

    assert traces_of(answer(document))[0].spans[5].parent_id == "b2"


def test_a_trace_without_spans_is_left_out_and_an_unknown_process_is_named_so() -> None:
    document = checkout()
    document["spans"][0]["processID"] = "p9"

    (trace,) = traces_of(answer({"traceID": "x", "spans": [], "processes": {}}, document))

    assert trace.root.service == "unknown"


def test_no_data_is_no_traces() -> None:
    assert traces_of({"data": None}) == []
