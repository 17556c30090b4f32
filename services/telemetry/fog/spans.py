"""Fog over a batch of spans."""

from __future__ import annotations

from collections import Counter as Tally

from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span, Status

from services.telemetry.fog.level import Level
from services.telemetry.fog.sampling import apart, kept
from services.telemetry.otlp.codec import TracesRequest
from services.telemetry.store.spans import service_of

FAILED = Status.StatusCode.STATUS_CODE_ERROR
CONSUMER = Span.SpanKind.SPAN_KIND_CONSUMER


def thinned(batch: TracesRequest, level: Level, now: float, lost: Tally[str]) -> TracesRequest:
    """Return what is left of a batch; `lost` counts what is not, by the reason."""
    left = TracesRequest()
    for group in batch.resource_spans:
        service = service_of(group)
        if reason := _away(level, service, now):
            lost[reason] += sum(len(scope.spans) for scope in group.scope_spans)
        else:
            _keep(left, group, level, lost)
            if service in level.context_lost:
                _part(left.resource_spans[-1])
    return left


def _away(level: Level, service: str, now: float) -> str:
    return "exporter-away" if service in level.without_spans_of or level.away(service, now) else ""


def _keep(left: TracesRequest, group: ResourceSpans, level: Level, lost: Tally[str]) -> None:
    out = left.resource_spans.add(resource=group.resource, schema_url=group.schema_url)
    room = level.failed_spans_a_batch
    failed = 0
    for scope in group.scope_spans:
        spans = [span for span in scope.spans if kept(span.trace_id, level.one_trace_in)]
        lost["sampling"] += len(scope.spans) - len(spans)
        if room:
            fitting = []
            for span in spans:
                failed += span.status.code == FAILED
                if span.status.code != FAILED or failed <= room:
                    fitting.append(span)
            lost["queue-full"] += len(spans) - len(fitting)
            spans = fitting
        out.scope_spans.add(scope=scope.scope, schema_url=scope.schema_url, spans=spans)


def _part(group: ResourceSpans) -> None:
    """Make a service's spans traces of their own, as if the context had not come with the message."""
    for scope in group.scope_spans:
        for span in scope.spans:
            span.trace_id = apart(span.trace_id)
            if span.kind == CONSUMER:
                span.parent_span_id = b""
                del span.links[:]
