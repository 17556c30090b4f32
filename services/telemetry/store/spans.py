"""Spans as rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator

from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from services.telemetry.otlp.codec import TracesRequest
from services.telemetry.otlp.values import text
from services.telemetry.store.shared import Shared

INSERT = "INSERT INTO spans VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
MAX_INTEGER = 2**63 - 1
UNKNOWN_SERVICE = "unknown_service"

SpanRow = tuple[int, bytes, bytes, bytes, int, str, str, int, int, int, int, bytes]


class SpanRows:
    """Turns requests into rows; writes what the rows share on the way."""

    def __init__(self, next_id: Callable[[], int]) -> None:
        self._next_id = next_id
        self.origins = Shared("origins", ("service", "body"))
        self.operations = Shared("operations", ("service", "name", "kind"))

    def rows(self, connection: sqlite3.Connection, batch: TracesRequest, now_us: int) -> Iterator[SpanRow]:
        """One row a span that has both ids."""
        for resource_spans in batch.resource_spans:
            service = service_of(resource_spans)
            for scope_spans in resource_spans.scope_spans:
                origin = self.origins.id_of(connection, (service, _origin(resource_spans, scope_spans)), now_us)
                for span in scope_spans.spans:
                    if span.trace_id and span.span_id:
                        self.operations.id_of(connection, (service, span.name, int(span.kind)), now_us)
                        yield _row(self._next_id(), origin, service, span)


def service_of(resource_spans: ResourceSpans) -> str:
    """Return the name of a resource's service."""
    for attribute in resource_spans.resource.attributes:
        if attribute.key == "service.name":
            return text(attribute.value) or UNKNOWN_SERVICE
    return UNKNOWN_SERVICE


def _origin(resource_spans: ResourceSpans, scope_spans: ScopeSpans) -> bytes:
    """Resource and scope as an OTLP ResourceSpans without spans."""
    scope = ScopeSpans(scope=scope_spans.scope, schema_url=scope_spans.schema_url)
    origin = ResourceSpans(resource=resource_spans.resource, schema_url=resource_spans.schema_url, scope_spans=[scope])
    return bytes(origin.SerializeToString(deterministic=True))


def _row(identifier: int, origin: int, service: str, span: Span) -> SpanRow:
    start = min(span.start_time_unix_nano, MAX_INTEGER)
    end = min(span.end_time_unix_nano, MAX_INTEGER)
    return (
        identifier,
        span.trace_id,
        span.span_id,
        span.parent_span_id,
        origin,
        service,
        span.name,
        start // 1000,
        max(end - start, 0) // 1000,
        int(span.kind),
        int(span.status.code),
        span.SerializeToString(),
    )
