"""POST /v1/traces, /v1/metrics and /v1/logs."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Request, Response, request
from google.protobuf.message import Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from services.telemetry import counters
from services.telemetry.counters import Counters
from services.telemetry.forward import Forwarder, Payload
from services.telemetry.limits import cut_long_texts
from services.telemetry.metrics.registry import Registry
from services.telemetry.otlp.codec import (
    BadPayloadError,
    Encoding,
    LogsRequest,
    MetricsRequest,
    TracesRequest,
    decode,
    encode,
    unpack,
)
from services.telemetry.pipeline import Stage
from services.telemetry.store.writer import Writer

FORWARDED_HEADERS = ("Content-Type", "Content-Encoding")
QUEUE_FULL = "the store's queue is full"


class Receiver:
    """Takes decoded requests: counts them, passes them through the stage, hands them to the store or the registry."""

    def __init__(self, stage: Stage, registry: Registry, writer: Writer, counts: Counters) -> None:
        self._stage = stage
        self._registry = registry
        self._writer = writer
        self._counts = counts

    def traces(self, batch: TracesRequest) -> ExportTraceServiceResponse:
        """Queue the spans for the store."""
        count = sum(len(scope.spans) for resource in batch.resource_spans for scope in resource.scope_spans)
        self._counts.add(counters.RECEIVED_SPANS, count)
        answer = ExportTraceServiceResponse()
        if not self._writer.offer(self._stage(batch)):
            answer.partial_success.rejected_spans = count
            answer.partial_success.error_message = QUEUE_FULL
        return answer

    def logs(self, batch: LogsRequest) -> ExportLogsServiceResponse:
        """Queue the log records for the store."""
        count = sum(len(scope.log_records) for resource in batch.resource_logs for scope in resource.scope_logs)
        self._counts.add(counters.RECEIVED_LOGS, count)
        answer = ExportLogsServiceResponse()
        if not self._writer.offer(self._stage(batch)):
            answer.partial_success.rejected_log_records = count
            answer.partial_success.error_message = QUEUE_FULL
        return answer

    def metrics(self, batch: MetricsRequest) -> ExportMetricsServiceResponse:
        """Make the points the last ones of their series."""
        outcome = self._registry.accept(self._stage(batch))
        self._counts.add(counters.RECEIVED_POINTS, outcome.accepted)
        answer = ExportMetricsServiceResponse()
        if outcome.refused:
            self._counts.add(counters.REFUSED_POINTS, outcome.refused)
            answer.partial_success.rejected_data_points = outcome.refused
            answer.partial_success.error_message = outcome.reason
        return answer


def blueprint(receiver: Receiver, forwarder: Forwarder, counts: Counters, limit: int) -> Blueprint:
    """Return the three OTLP routes; bodies up to `limit` bytes."""
    routes = Blueprint("otlp", __name__)

    @routes.errorhandler(BadPayloadError)
    def refuse(error: BadPayloadError) -> Response:
        counts.add(counters.BAD_PAYLOADS)
        encoding = Encoding.JSON if request.mimetype == Encoding.JSON else Encoding.PROTOBUF
        return Response(encode(error.status, encoding), status=error.http, mimetype=encoding)

    def take(batch: TracesRequest | MetricsRequest | LogsRequest, accept: Callable[[], Message]) -> Response:
        encoding = Encoding.of(request.mimetype)
        body = _body(request, limit)
        decode(batch, encoding, unpack(body, request.headers.get("Content-Encoding", "").lower(), limit))
        cut_long_texts(batch)
        headers = {name: request.headers[name] for name in FORWARDED_HEADERS if name in request.headers}
        forwarder.offer(Payload(request.path, body, headers))
        return Response(encode(accept(), encoding), mimetype=encoding)

    @routes.post("/v1/traces")
    def traces() -> Response:
        batch = TracesRequest()
        return take(batch, lambda: receiver.traces(batch))

    @routes.post("/v1/metrics")
    def metrics() -> Response:
        batch = MetricsRequest()
        return take(batch, lambda: receiver.metrics(batch))

    @routes.post("/v1/logs")
    def logs() -> Response:
        batch = LogsRequest()
        return take(batch, lambda: receiver.logs(batch))

    return routes


def _body(incoming: Request, limit: int) -> bytes:
    """At most one byte over the limit is read, so that `unpack` sees a body that is too large."""
    return bytes(incoming.stream.read(limit + 1))
