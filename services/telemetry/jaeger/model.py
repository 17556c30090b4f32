"""OTLP spans in Jaeger's JSON, as Jaeger's own translator maps them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span, Status

from services.telemetry.otlp.values import plain

Json = dict[str, Any]
TYPES = {"string_value": "string", "bool_value": "bool", "int_value": "int64", "double_value": "float64"}
REF_TYPE = "opentracing.ref_type"
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
SAMPLED = 1
MAX_ORIGINS = 64
KINDS: dict[int, str] = {
    int(number): name.removeprefix("SPAN_KIND_").lower() for name, number in Span.SpanKind.items() if number
}


@dataclass(frozen=True)
class StoredSpan:
    """One row: the OTLP Span, and its resource and scope as an OTLP ResourceSpans without spans."""

    trace_id: bytes
    service: str
    body: bytes
    origin: bytes


def kind_name(kind: int) -> str:
    """Jaeger's word for a span kind, "" for none."""
    return KINDS.get(kind, "")


def pieces(trace_id: bytes, spans: Iterable[StoredSpan], warnings: Sequence[str]) -> Iterator[str]:
    """Write one trace, span by span in the order given; a span that came twice is there once.

    `warnings` is read last: whoever gives the spans may still add to it while they are written.
    """
    processes: dict[tuple[str, bytes], str] = {}
    told: dict[str, str] = {}
    seen: set[bytes] = set()
    yield f'{{"traceID":"{trace_id.hex()}","spans":['
    for stored in spans:
        span = Span.FromString(stored.body)
        if span.span_id in seen:
            continue
        origin, resource = _origin(stored.origin)
        process = processes.setdefault((stored.service, resource), f"p{len(processes) + 1}")
        if process not in told:
            told[process] = compact(_process(stored.service, origin))
        yield ("," if seen else "") + compact(_span(span, origin.scope_spans[0].scope, process))
        seen.add(span.span_id)
    named = ",".join(f'"{process}":{text}' for process, text in told.items())
    yield f'],"processes":{{{named}}},"warnings":{compact(list(warnings) or None)}}}'


@lru_cache(MAX_ORIGINS)
def _origin(body: bytes) -> tuple[ResourceSpans, bytes]:
    """Return an origin, read, and its resource's bytes: many spans share it."""
    origin = ResourceSpans.FromString(body)
    return origin, bytes(origin.resource.SerializeToString(deterministic=True))


def compact(value: object) -> str:
    """Return JSON without spaces, as every part of a written answer is."""
    return ENCODER.encode(value)


def _process(service: str, origin: ResourceSpans) -> Json:
    own = (item for item in origin.resource.attributes if item.key != "service.name")
    return {"serviceName": service, "tags": [tag(item) for item in own]}


def _span(span: Span, scope: InstrumentationScope, process: str) -> Json:
    start = span.start_time_unix_nano // 1000
    return {
        "traceID": span.trace_id.hex(),
        "spanID": span.span_id.hex(),
        "flags": SAMPLED,
        "operationName": span.name,
        "references": list(references(span)),
        "startTime": start,
        "duration": max(span.end_time_unix_nano - span.start_time_unix_nano, 0) // 1000,
        "tags": [*(tag(item) for item in span.attributes), *_derived(span, scope)],
        "logs": [_log(event) for event in span.events],
        "processID": process,
        "warnings": None,
    }


def references(span: Span) -> Iterable[Json]:
    """Return the spans that a span follows."""
    if span.parent_span_id:
        yield reference("CHILD_OF", span.trace_id, span.parent_span_id)
    for link in span.links:
        child_of = any(item.key == REF_TYPE and item.value.string_value == "child_of" for item in link.attributes)
        yield reference("CHILD_OF" if child_of else "FOLLOWS_FROM", link.trace_id, link.span_id)


def reference(kind: str, trace_id: bytes, span_id: bytes) -> Json:
    """Return a span that another one follows."""
    return {"refType": kind, "traceID": trace_id.hex(), "spanID": span_id.hex()}


def _derived(span: Span, scope: InstrumentationScope) -> Iterable[Json]:
    """Return the span's OTLP fields that Jaeger shows as tags."""
    yield from (
        {"key": key, "type": "string", "value": value}
        for key, value in (
            ("otel.scope.name", scope.name),
            ("otel.scope.version", scope.version),
            ("span.kind", kind_name(span.kind)),
            ("otel.status_description", span.status.message),
            ("w3c.tracestate", span.trace_state),
        )
        if value
    )
    if span.status.code == Status.StatusCode.STATUS_CODE_OK:
        yield {"key": "otel.status_code", "type": "string", "value": "OK"}
    elif span.status.code == Status.StatusCode.STATUS_CODE_ERROR:
        yield {"key": "otel.status_code", "type": "string", "value": "ERROR"}
        yield {"key": "error", "type": "bool", "value": True}


def _log(event: Span.Event) -> Json:
    fields = [tag(item) for item in event.attributes]
    if event.name and not any(field["key"] == "event" for field in fields):
        fields.insert(0, {"key": "event", "type": "string", "value": event.name})
    return {"timestamp": event.time_unix_nano // 1000, "fields": fields}


def tag(item: KeyValue) -> Json:
    """Return an attribute as a tag."""
    kind, value = _typed(item.value)
    return {"key": item.key, "type": kind, "value": value}


def _typed(value: AnyValue) -> tuple[str, Any]:
    """Jaeger knows no lists and maps: they are strings of JSON there."""
    which = value.WhichOneof("value")
    if which == "bytes_value":
        return "binary", plain(value)
    if which in TYPES:
        return TYPES[which], plain(value)
    return "string", "" if which is None else json.dumps(plain(value), ensure_ascii=False)
