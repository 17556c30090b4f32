from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from services.telemetry.fog.level import Level, Restarts
from services.telemetry.fog.spans import thinned
from services.telemetry.otlp.codec import TracesRequest
from tests.support.otlp import TRACE, span, traces

IDS = st.lists(st.binary(min_size=16, max_size=16), max_size=20)
KEPT = b"\xff" * 16
LOST = bytes(16)
CONSUMER = Span.SpanKind.SPAN_KIND_CONSUMER


def ids(batch: TracesRequest) -> list[bytes]:
    return [each.trace_id for each in every(batch)]


def every(batch: TracesRequest) -> list[Span]:
    return [each for group in batch.resource_spans for scope in group.scope_spans for each in scope.spans]


def fogged(
    level: Level, *spans: Span, service: str = "payments", now: float = 100.0
) -> tuple[list[Span], Counter[str]]:
    lost: Counter[str] = Counter()
    batch = traces(*spans, service=service)
    before = batch.SerializeToString(deterministic=True)
    left = thinned(batch, level, now, lost)
    assert batch.SerializeToString(deterministic=True) == before
    return every(left), +lost


@given(trace_ids=IDS)
def test_every_service_keeps_the_same_traces(trace_ids: list[bytes]) -> None:
    level = Level(one_trace_in=3)
    spans = [span(trace_id=each) for each in trace_ids]
    gateway, risk = (fogged(level, *spans, service=service)[0] for service in ("gateway", "risk"))
    assert [each.trace_id for each in gateway] == [each.trace_id for each in risk]


def test_what_is_sampled_away_is_counted() -> None:
    left, lost = fogged(Level(one_trace_in=10), span(trace_id=KEPT), span(trace_id=LOST), span(trace_id=LOST))
    assert [each.trace_id for each in left] == [KEPT]
    assert lost == {"sampling": 2}


def test_a_kept_span_is_as_it_came() -> None:
    sent = span("GET", trace_id=KEPT, tags={"a": 1}, parent_span_id=b"12345678")
    assert fogged(Level(one_trace_in=10), sent)[0] == [sent]


def test_failed_spans_overflow_the_queue_and_the_others_do_not() -> None:
    level = Level(failed_spans_a_batch=2)
    left, lost = fogged(level, *(span(f"failed {n}", error=True) for n in range(4)), *(span() for _ in range(5)))
    assert [each.name for each in left] == ["failed 0", "failed 1", *["POST /checkouts"] * 5]
    assert lost == {"queue-full": 2}


def test_a_service_without_context_begins_traces_of_its_own() -> None:
    received = span("process", kind=CONSUMER, parent_span_id=b"12345678", links=[Span.Link(trace_id=TRACE)])
    inner = span("INSERT", parent_span_id=received.span_id)
    level = Level(context_lost=frozenset({"ledger"}))
    root, child = fogged(level, received, inner, service="ledger")[0]
    assert root.trace_id == child.trace_id != TRACE
    assert (root.parent_span_id, len(root.links)) == (b"", 0)
    assert child.parent_span_id == received.span_id
    assert fogged(level, received, inner, service="payments")[0] == [received, inner]


def test_an_exporter_that_is_away_loses_its_own_spans_only() -> None:
    always = Level(without_spans_of=frozenset({"risk"}))
    assert fogged(always, span(), service="risk") == ([], {"exporter-away": 1})
    assert len(fogged(always, span(), service="payments")[0]) == 1
    at_times = Level(restarting_exporter=Restarts("risk", every_s=60, away_s=5))
    assert fogged(at_times, span(), service="risk", now=602)[0] == []
    assert len(fogged(at_times, span(), service="risk", now=606)[0]) == 1
