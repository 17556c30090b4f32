"""A bound for every text that services send, as OpenTelemetry's attribute limits set one.

What is too long is cut, and says so at its end. A batch within the bounds goes on as it is; most do.
"""

from __future__ import annotations

from collections.abc import MutableSequence, Sequence

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from services.telemetry.otlp.codec import LogsRequest, MetricsRequest, TracesRequest
from services.telemetry.otlp.values import text

MAX_NAME = 256
"""Characters of a name: of a service, a span, an event, a scope, an attribute."""
MAX_VALUE = 16_384
"""Characters of an attribute's value or a line; what is no text counts in bytes."""
MAX_ATTRIBUTES = 128
MAX_EVENTS = 128
MAX_ITEM_BYTES = 128 * 1024
"""Bytes of a whole span or record: what is over loses events, then links, then attributes."""
SERVICE_KEYS = ("service.name", "service.version", "service.instance.id")
TRACE_ID_BYTES, SPAN_ID_BYTES = 16, 8


def cut_long_texts(batch: TracesRequest | MetricsRequest | LogsRequest) -> None:
    """Bring every text of a batch that was just read within its bound, in place: a copy would double its memory."""
    match batch:
        case TracesRequest():
            _traces(batch)
        case LogsRequest():
            _logs(batch)
        case MetricsRequest():
            _metrics(batch)


def cut(value: str, most: int) -> str:
    """Return at most `most` characters, and how many there were."""
    return value if len(value) <= most else f"{value[:most]}… (cut: {len(value):,} characters)"


def _traces(batch: TracesRequest) -> None:
    for group in batch.resource_spans:
        _resource(group.resource)
        for scoped in group.scope_spans:
            _scope(scoped.scope)
            for span in scoped.spans:
                if not _span_fits(span):
                    _span(span)


def _logs(batch: LogsRequest) -> None:
    for group in batch.resource_logs:
        _resource(group.resource)
        for scoped in group.scope_logs:
            _scope(scoped.scope)
            for record in scoped.log_records:
                if not _record_fits(record):
                    _record(record)


def _metrics(batch: MetricsRequest) -> None:
    for group in batch.resource_metrics:
        _resource(group.resource)
        for scoped in group.scope_metrics:
            _scope(scoped.scope)
            for metric in scoped.metrics:
                _metric(metric)


def _span_fits(span: Span) -> bool:
    """Whether nothing of a span is too long. In a small one no value can be: looking at each would cost far more."""
    size = span.ByteSize()
    return size <= MAX_NAME or (
        size <= MAX_VALUE
        and not (span.events or span.links)
        and len(span.name) <= MAX_NAME
        and len(span.trace_state) <= MAX_NAME
        and _ids_fit(span.trace_id, span.span_id)
        and len(span.parent_span_id) <= SPAN_ID_BYTES
        and _keys_fit(span.attributes)
    )


def _record_fits(record: LogRecord) -> bool:
    """Return the same for a line."""
    size = record.ByteSize()
    return size <= MAX_NAME or (
        size <= MAX_VALUE
        and len(record.severity_text) <= MAX_NAME
        and _ids_fit(record.trace_id, record.span_id)
        and _keys_fit(record.attributes)
    )


def _ids_fit(trace_id: bytes, span_id: bytes) -> bool:
    return len(trace_id) <= TRACE_ID_BYTES and len(span_id) <= SPAN_ID_BYTES


def _keys_fit(attributes: Sequence[KeyValue]) -> bool:
    return len(attributes) <= MAX_ATTRIBUTES and all(len(item.key) <= MAX_NAME for item in attributes)


def _resource(resource: Resource) -> None:
    if resource.ByteSize() <= MAX_NAME:
        return
    for item in resource.attributes:
        if item.key in SERVICE_KEYS:
            item.value.string_value = cut(text(item.value), MAX_NAME)
    resource.dropped_attributes_count += _attributes(resource.attributes)
    _shrink(resource)


def _scope(scope: InstrumentationScope) -> None:
    if scope.ByteSize() > MAX_NAME:
        scope.name, scope.version = cut(scope.name, MAX_NAME), cut(scope.version, MAX_NAME)
        _attributes(scope.attributes)
        _shrink(scope)


def _span(span: Span) -> None:
    span.name = cut(span.name, MAX_NAME)
    span.trace_id, span.span_id = span.trace_id[:TRACE_ID_BYTES], span.span_id[:SPAN_ID_BYTES]
    span.parent_span_id = span.parent_span_id[:SPAN_ID_BYTES]
    span.trace_state = cut(span.trace_state, MAX_NAME)
    if span.HasField("status"):
        span.status.message = cut(span.status.message, MAX_VALUE)
    span.dropped_attributes_count += _attributes(span.attributes)
    span.dropped_events_count += max(0, len(span.events) - MAX_EVENTS)
    span.dropped_links_count += max(0, len(span.links) - MAX_EVENTS)
    del span.events[MAX_EVENTS:], span.links[MAX_EVENTS:]
    for event in span.events:
        event.name = cut(event.name, MAX_NAME)
        event.dropped_attributes_count += _attributes(event.attributes)
    for link in span.links:
        link.dropped_attributes_count += _attributes(link.attributes)
    if span.ByteSize() > MAX_ITEM_BYTES:
        span.dropped_events_count += len(span.events)
        span.dropped_links_count += len(span.links)
        del span.events[:], span.links[:]
        _shrink(span)


def _record(record: LogRecord) -> None:
    _value(record.body)
    record.severity_text = cut(record.severity_text, MAX_NAME)
    record.trace_id, record.span_id = record.trace_id[:TRACE_ID_BYTES], record.span_id[:SPAN_ID_BYTES]
    record.dropped_attributes_count += _attributes(record.attributes)
    _shrink(record)


def _metric(metric: Metric) -> None:
    metric.name, metric.unit = cut(metric.name, MAX_NAME), cut(metric.unit, MAX_NAME)
    metric.description = cut(metric.description, MAX_VALUE)
    kind = metric.WhichOneof("data")
    for point in getattr(metric, kind).data_points if kind else ():
        if point.ByteSize() > MAX_NAME:
            _attributes(point.attributes)


def _shrink(item: Resource | InstrumentationScope | Span | LogRecord) -> None:
    """Let attributes go from the end until the item has no more bytes than it may."""
    while item.attributes and item.ByteSize() > MAX_ITEM_BYTES:
        del item.attributes[-1]
        item.dropped_attributes_count += 1


def _attributes(items: MutableSequence[KeyValue]) -> int:
    """Cut keys and values in place; return how many attributes were too many."""
    dropped = max(0, len(items) - MAX_ATTRIBUTES)
    del items[MAX_ATTRIBUTES:]
    for item in items:
        if len(item.key) > MAX_NAME:
            item.key = cut(item.key, MAX_NAME)
        _value(item.value)
    return dropped


def _value(value: AnyValue) -> None:
    """Cut a text; anything else that is too large becomes its text, cut."""
    if _size(value) > MAX_VALUE:
        value.string_value = cut(text(value), MAX_VALUE)


def _size(value: AnyValue) -> int:
    return len(value.string_value) if value.HasField("string_value") else value.ByteSize()
