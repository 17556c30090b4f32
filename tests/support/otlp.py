"""OTLP requests, as small as a test wants them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import time_ns
from typing import Any

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, InstrumentationScope, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, ResourceLogs, ScopeLogs
from opentelemetry.proto.metrics.v1 import metrics_pb2 as otlp
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from services.telemetry.otlp.codec import LogsRequest, MetricsRequest, TracesRequest

Value = str | bool | int | float | bytes | list[str]
TRACE = bytes.fromhex("0af7651916cd43dd8448eb211c80319c")
SPAN = bytes.fromhex("b7ad6b7169203331")
CUMULATIVE = otlp.AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE
DELTA = otlp.AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA


def any_value(value: Value) -> AnyValue:
    if isinstance(value, bool):
        return AnyValue(bool_value=value)
    if isinstance(value, int):
        return AnyValue(int_value=value)
    if isinstance(value, float):
        return AnyValue(double_value=value)
    if isinstance(value, bytes):
        return AnyValue(bytes_value=value)
    if isinstance(value, list):
        return AnyValue(array_value=ArrayValue(values=[any_value(item) for item in value]))
    return AnyValue(string_value=value)


def attributes(values: Mapping[str, Value]) -> list[KeyValue]:
    return [KeyValue(key=key, value=any_value(value)) for key, value in values.items()]


def resource(service: str = "payments", instance: str = "one", **more: Value) -> Resource:
    named = {key.replace("_", "."): value for key, value in more.items()}
    return Resource(attributes=attributes({"service.name": service, "service.instance.id": instance, **named}))


def span(
    name: str = "POST /checkouts",
    *,
    start_us: int | None = None,
    duration_us: int = 1500,
    error: bool = False,
    tags: Mapping[str, Value] | None = None,
    **fields: Any,
) -> Span:
    """`fields` are the message's own: trace_id, span_id, parent_span_id, kind, events, links, trace_state."""
    start = (start_us if start_us is not None else time_ns() // 1000) * 1000
    made = Span(
        name=name,
        start_time_unix_nano=start,
        end_time_unix_nano=start + duration_us * 1000,
        attributes=attributes(tags or {}),
        status=Status(code=Status.StatusCode.STATUS_CODE_ERROR, message="refused") if error else None,
    )
    made.MergeFrom(Span(**{"trace_id": TRACE, "span_id": SPAN, "kind": Span.SpanKind.SPAN_KIND_SERVER, **fields}))
    return made


def traces(*spans: Span, service: str = "payments", scope: str = "http", **more: str) -> TracesRequest:
    scoped = ScopeSpans(scope=InstrumentationScope(name=scope, version="1.0"), spans=spans)
    return TracesRequest(resource_spans=[ResourceSpans(resource=resource(service, **more), scope_spans=[scoped])])


def record(
    body: str = "payment captured",
    *,
    time: int | None = None,
    severity: int = 9,
    severity_text: str = "",
    trace_id: bytes = b"",
    span_id: bytes = b"",
    tags: Mapping[str, Value] | None = None,
) -> LogRecord:
    return LogRecord(
        time_unix_nano=time_ns() if time is None else time,
        severity_number=severity,  # type: ignore[arg-type]
        severity_text=severity_text,
        body=any_value(body),
        trace_id=trace_id,
        span_id=span_id,
        attributes=attributes(tags or {}),
    )


def logs(*records: LogRecord, service: str = "payments", instance: str = "one", **more: Value) -> LogsRequest:
    scoped = ScopeLogs(scope=InstrumentationScope(name="app"), log_records=records)
    group = ResourceLogs(resource=resource(service, instance, **more), scope_logs=[scoped])
    return LogsRequest(resource_logs=[group])


def metrics(*found: otlp.Metric, service: str = "payments", instance: str = "one", **more: Value) -> MetricsRequest:
    scoped = otlp.ScopeMetrics(metrics=found)
    group = otlp.ResourceMetrics(resource=resource(service, instance, **more), scope_metrics=[scoped])
    return MetricsRequest(resource_metrics=[group])


def number(value: float, tags: Mapping[str, Value] | None = None, *, flags: int = 0) -> otlp.NumberDataPoint:
    if isinstance(value, int):
        return otlp.NumberDataPoint(as_int=value, attributes=attributes(tags or {}), flags=flags)
    return otlp.NumberDataPoint(as_double=value, attributes=attributes(tags or {}), flags=flags)


def gauge(name: str, *points: otlp.NumberDataPoint, unit: str = "") -> otlp.Metric:
    return otlp.Metric(name=name, unit=unit, gauge=otlp.Gauge(data_points=points))


def counter(
    name: str, *points: otlp.NumberDataPoint, unit: str = "", monotonic: bool = True, temporality: int = CUMULATIVE
) -> otlp.Metric:
    data = otlp.Sum(
        data_points=points,
        is_monotonic=monotonic,
        aggregation_temporality=temporality,  # type: ignore[arg-type]
    )
    return otlp.Metric(name=name, unit=unit, sum=data)


def observed(
    counts: Sequence[int],
    bounds: Sequence[float] = (0.1, 0.5),
    *,
    total: float | None = 1.0,
    tags: Mapping[str, Value] | None = None,
    exemplars: Sequence[otlp.Exemplar] = (),
) -> otlp.HistogramDataPoint:
    return otlp.HistogramDataPoint(
        count=sum(counts),
        sum=total,
        bucket_counts=counts,
        explicit_bounds=bounds,
        attributes=attributes(tags or {}),
        exemplars=exemplars,
    )


def histogram(name: str, *points: otlp.HistogramDataPoint, unit: str = "s") -> otlp.Metric:
    data = otlp.Histogram(data_points=points, aggregation_temporality=CUMULATIVE)
    return otlp.Metric(name=name, unit=unit, histogram=data)


def exemplar(value: float, span_id: bytes = SPAN, *, at: float = 1000.5, trace_id: bytes = TRACE) -> otlp.Exemplar:
    return otlp.Exemplar(as_double=value, time_unix_nano=int(at * 1e9), trace_id=trace_id, span_id=span_id)
