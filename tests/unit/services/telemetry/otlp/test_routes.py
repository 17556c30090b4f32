"""The receiver as real exporters meet it, and as broken ones do."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from google.rpc.status_pb2 import Status
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.logging.handler import LoggingHandler
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from services.telemetry import counters
from services.telemetry.app import Telemetry, create_app
from services.telemetry.settings import Settings
from tests.support.exposition import read
from tests.support.otlp import DELTA, counter, gauge, logs, metrics, number, record, span, traces

PROTOBUF = {"Content-Type": "application/x-protobuf"}
RESOURCE = Resource({"service.name": "payments", "service.version": "2.14.0", "service.instance.id": "one"})
Serve = Callable[[Any], str]


@pytest.fixture
def url(app: Flask, serve: Serve) -> str:
    return serve(app)


@pytest.mark.parametrize("compression", [Compression.NoCompression, Compression.Gzip])
def test_the_sdks_spans_arrive(app: Flask, url: str, telemetry: Telemetry, compression: Compression) -> None:
    provider = TracerProvider(resource=RESOURCE, shutdown_on_exit=False)
    exporter = OTLPSpanExporter(endpoint=f"{url}/v1/traces", compression=compression)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with provider.get_tracer("http").start_as_current_span(
        "GET /payments", attributes={"http.route": "/payments"}
    ) as s:
        s.add_event("retry", {"attempt": 2})
    provider.shutdown()
    telemetry.writer.close()
    (found,) = app.test_client().get("/api/traces?service=payments").get_json()["data"]
    assert found["spans"][0]["operationName"] == "GET /payments"
    assert found["spans"][0]["logs"][0]["fields"][1] == {"key": "attempt", "type": "int64", "value": 2}
    assert telemetry.counts.total(counters.RECEIVED_SPANS) == 1


def test_the_sdks_metrics_arrive_with_exemplars(client: FlaskClient, url: str) -> None:
    reader = PeriodicExportingMetricReader(OTLPMetricExporter(endpoint=f"{url}/v1/metrics"), 3_600_000)
    provider = MeterProvider([reader], resource=RESOURCE, shutdown_on_exit=False)
    meter = provider.get_meter("http")
    tracer = TracerProvider(resource=RESOURCE, shutdown_on_exit=False).get_tracer("http")
    with tracer.start_as_current_span("GET") as current:
        meter.create_histogram("http.server.request.duration", unit="s").record(0.02, {"http.route": "/payments"})
    meter.create_counter("cache.requests", unit="{request}").add(3, {"cache.result": "hit"})
    provider.shutdown()
    page = read(client.get("/metrics", headers={"Accept": "application/openmetrics-text"}).text, openmetrics=True)
    assert page.value("cache_requests_total", job="payments", instance="one", cache_result="hit") == 3
    assert page.value("http_server_request_duration_seconds_count", service_version="2.14.0") == 1
    (exemplar,) = page.exemplars("http_server_request_duration_seconds_bucket").values()
    assert exemplar["trace_id"] == f"{current.get_span_context().trace_id:032x}"


def test_the_sdks_logs_arrive(app: Flask, url: str, telemetry: Telemetry) -> None:
    provider = LoggerProvider(resource=RESOURCE, shutdown_on_exit=False)
    provider.add_log_record_processor(SimpleLogRecordProcessor(OTLPLogExporter(endpoint=f"{url}/v1/logs")))
    log = logging.Logger("payments.checkout")
    log.addHandler(LoggingHandler(logger_provider=provider))
    log.warning("declined", extra={"payment.id": "p1"})
    provider.shutdown()
    telemetry.writer.close()
    query = {"query": '{service_name="payments", level="warn"} |= "declined" | payment_id="p1"'}
    answer = app.test_client().get("/loki/api/v1/query_range", query_string=query).get_json()
    assert answer["data"]["result"][0]["values"][0][1] == "declined"


def test_answers_come_in_the_requests_encoding(client: FlaskClient) -> None:
    answer = client.post("/v1/traces", data=traces(span()).SerializeToString(), headers=PROTOBUF)
    assert (answer.status_code, answer.content_type) == (200, "application/x-protobuf")
    assert ExportTraceServiceResponse.FromString(answer.data) == ExportTraceServiceResponse()
    answer = client.post("/v1/logs", json={"resourceLogs": []})
    assert (answer.status_code, answer.content_type, answer.get_json()) == (200, "application/json", {})


def test_refused_points_are_a_partial_success(client: FlaskClient, telemetry: Telemetry) -> None:
    batch = metrics(counter("a", number(1), temporality=DELTA), gauge("b", number(1)))
    answer = client.post("/v1/metrics", data=batch.SerializeToString(), headers=PROTOBUF)
    partial = ExportMetricsServiceResponse.FromString(answer.data).partial_success
    assert (answer.status_code, partial.rejected_data_points) == (200, 1)
    assert "not cumulative" in partial.error_message
    assert telemetry.counts.total(counters.REFUSED_POINTS) == 1
    assert telemetry.counts.total(counters.RECEIVED_POINTS) == 1


@pytest.mark.parametrize("path", ["traces", "logs"])
def test_a_full_queue_drops_counts_and_says_so(settings: Settings, path: str) -> None:
    app = create_app(replace(settings, queue_max_bytes=10))
    telemetry: Telemetry = app.extensions["telemetry"]
    batch = traces(span(), span()) if path == "traces" else logs(record(), record())
    answer = app.test_client().post(f"/v1/{path}", data=batch.SerializeToString(), headers=PROTOBUF)
    telemetry.close()
    assert answer.status_code == 200
    assert b"queue is full" in answer.data
    assert telemetry.counts.of(counters.DROPPED) == {(("reason", "queue-full"), ("signal", path)): 2}


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"\x0a\xff", PROTOBUF, 400),
        (b"{", {"Content-Type": "application/json"}, 400),
        (b"x", {"Content-Type": "text/plain"}, 415),
        (b"", {}, 415),
        (b"x", {**PROTOBUF, "Content-Encoding": "gzip"}, 400),
        (gzip.compress(b"\0" * 9_000_000, mtime=0), {**PROTOBUF, "Content-Encoding": "gzip"}, 413),
        (b"\0" * 9_000_000, PROTOBUF, 413),
    ],
)
def test_bad_payloads_get_a_status_body(
    client: FlaskClient, telemetry: Telemetry, body: bytes, headers: dict[str, str], status: int
) -> None:
    answer = client.post("/v1/traces", data=body, headers=headers)
    assert answer.status_code == status
    if headers.get("Content-Type") == "application/json":
        assert answer.get_json()["code"] == 3
    else:
        assert Status.FromString(answer.data).message
    assert telemetry.counts.total(counters.BAD_PAYLOADS) == 1


def test_only_post(client: FlaskClient) -> None:
    assert client.get("/v1/traces").status_code == 405


def test_every_accepted_payload_is_forwarded_unchanged(settings: Settings, serve: Serve) -> None:
    got: list[bytes] = []
    backend = Flask("backend")

    @backend.post("/v1/traces")
    def take() -> str:
        got.append(request.get_data())
        return ""

    app = create_app(replace(settings, forward_endpoint=serve(backend)))
    body = gzip.compress(traces(span()).SerializeToString())
    client = app.test_client()
    client.post("/v1/traces", data=body, headers={**PROTOBUF, "Content-Encoding": "gzip"})
    client.post("/v1/traces", data=b"\x0a\xff", headers=PROTOBUF)
    app.extensions["telemetry"].close()
    assert got == [body]
