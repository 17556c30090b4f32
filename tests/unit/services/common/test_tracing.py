from __future__ import annotations

from opentelemetry import trace

from services.common import tracing
from tests.support.observed import Observed

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_traceparent_round_trip(observed: Observed) -> None:
    with tracing.tracer().start_as_current_span("child", context=tracing.remote_context(PARENT)):
        here = tracing.traceparent()
    span = observed.span("child")
    assert span.parent is not None
    assert f"{span.parent.span_id:016x}" == "b7ad6b7169203331"
    assert here.startswith("00-0af7651916cd43dd8448eb211c80319c-")


def test_malformed_parents_count_as_none() -> None:
    for value in (None, "", "00-0-0-01", "\xff", "x" * 10_000):
        assert not trace.get_current_span(tracing.remote_context(value)).get_span_context().is_valid


def test_no_span_no_traceparent() -> None:
    assert tracing.traceparent() == ""


def test_untraced_work_leaves_no_span(observed: Observed) -> None:
    with tracing.untraced(), tracing.tracer().start_as_current_span("hidden"):
        assert not tracing.traced()
        assert tracing.traceparent() == ""
    assert observed.spans() == []
    assert tracing.traced()
