"""Spans and lines as the lab's services send them, made up: sizes, attributes and trees are those of a checkout."""

from __future__ import annotations

import random
import time

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import Span

SPANS_A_TRACE = 8
OPERATIONS = ("POST /checkouts", "SELECT payments", "INSERT payments", "GET", "SET", "XADD payments", "POST /scores")
TEXTS = {
    "http.request.method": "POST",
    "http.route": "/v1/checkouts/{checkout}",
    "url.path": "/v1/checkouts/chk_9f2c41d07be24c0a",
    "server.address": "payments",
    "db.system.name": "postgresql",
    "db.query.summary": "SELECT payments",
    "request.id": "req_0f64f1b1c5a94fd6b9a2",
    "user_agent.original": "checkout-client/3.4",
}


class Batches:
    """The requests of several services in turn."""

    def __init__(self, services: int, items: int) -> None:
        self._services = services
        self._items = items
        self._number = 0
        self._random = random.Random(1)
        self._attributes = [KeyValue(key=key, value=AnyValue(string_value=text)) for key, text in TEXTS.items()]

    def next(self) -> list[tuple[str, bytes]]:
        """Return the next service's two requests: path and body."""
        self._number += 1
        service = f"service-{self._number % self._services}"
        ids = [self._random.randbytes(16) for _ in range(1 + self._items // SPANS_A_TRACE)]
        spans, lines = ExportTraceServiceRequest(), ExportLogsServiceRequest()
        of_spans = spans.resource_spans.add(resource=self._resource(service)).scope_spans.add()
        of_lines = lines.resource_logs.add(resource=self._resource(service)).scope_logs.add()
        now = time.time_ns()
        for number in range(self._items):
            trace_id = ids[number // SPANS_A_TRACE]
            span = self._span(trace_id, number, now)
            of_spans.spans.append(span)
            of_lines.log_records.append(self._line(span, now))
        return [("/v1/traces", spans.SerializeToString()), ("/v1/logs", lines.SerializeToString())]

    def _resource(self, service: str) -> Resource:
        own = {"service.name": service, "service.version": "2.14.0", "service.instance.id": "0123456789ab"}
        return Resource(attributes=[KeyValue(key=key, value=AnyValue(string_value=text)) for key, text in own.items()])

    def _span(self, trace_id: bytes, number: int, now: int) -> Span:
        return Span(
            trace_id=trace_id,
            span_id=self._random.randbytes(8),
            parent_span_id=self._random.randbytes(8),
            name=OPERATIONS[number % len(OPERATIONS)],
            kind=Span.SpanKind.SPAN_KIND_CLIENT,
            start_time_unix_nano=now - 80_000_000,
            end_time_unix_nano=now - self._random.randrange(80_000_000),
            attributes=self._attributes,
        )

    def _line(self, span: Span, now: int) -> LogRecord:
        return LogRecord(
            time_unix_nano=now,
            severity_number=9,  # type: ignore[arg-type]
            body=AnyValue(string_value=f"checkout chk_{span.span_id.hex()} took {self._random.random():.3f} s"),
            trace_id=span.trace_id,
            span_id=span.span_id,
            attributes=self._attributes[:5],
        )
