from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from services.common import telemetry
from services.common.instruments import BOUNDS_S, FINE_BOUNDS_S

# Providers are set once per process: what a service does needs a process of its own.
SERVICE = """
import logging, sys
from opentelemetry import trace
from services.common import instruments, lifecycle, process, request_context
env = {"SERVICE_VERSION": "1.2.3", "HOSTNAME": "box", "OTEL_EXPORTER_OTLP_ENDPOINT": sys.argv[1]}
process.start("demo", env)
request_context.bind("req-1")
with trace.get_tracer("t").start_as_current_span("work"):
    instruments.server_duration.record(0.1, {"http.route": "/x"})
    instruments.query_duration.record(0.001)
    logging.getLogger("t").warning("something", extra={"upstream": "risk"})
lifecycle.shutdown()
"""


@dataclass
class Collector:
    url: str = ""
    bodies: dict[str, bytes] = field(default_factory=dict)


@pytest.fixture
def collector() -> Iterator[Collector]:
    collected = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collected.bodies[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    collected.url = f"http://127.0.0.1:{server.server_port}"
    yield collected
    server.shutdown()
    server.server_close()
    thread.join()


def run_service(endpoint: str, then: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SERVICE + then, endpoint], capture_output=True, text=True, timeout=60, check=True
    )


def test_everything_arrives_and_says_who_sent_it(collector: Collector) -> None:
    run_service(collector.url)
    metrics = ExportMetricsServiceRequest.FromString(collector.bodies["/v1/metrics"]).resource_metrics[0]
    traces = ExportTraceServiceRequest.FromString(collector.bodies["/v1/traces"]).resource_spans[0]
    logs = ExportLogsServiceRequest.FromString(collector.bodies["/v1/logs"]).resource_logs[0]
    for sender in (metrics.resource, traces.resource, logs.resource):
        assert {pair.key: pair.value.string_value for pair in sender.attributes} == {
            "service.name": "demo",
            "service.version": "1.2.3",
            "service.instance.id": "box",
            "deployment.environment.name": "production",
        }
    record = logs.scope_logs[0].log_records[0]
    assert record.trace_id == traces.scope_spans[0].spans[0].trace_id
    fields = {pair.key: pair.value.string_value for pair in record.attributes}
    assert fields["request_id"] == "req-1"
    assert fields["upstream"] == "risk"
    bounds = {
        metric.name: tuple(metric.histogram.data_points[0].explicit_bounds)
        for metric in metrics.scope_metrics[0].metrics
        if metric.HasField("histogram")
    }
    assert bounds["http.server.request.duration"] == BOUNDS_S
    assert bounds["db.client.operation.duration"] == FINE_BOUNDS_S


def test_a_collector_that_is_away_costs_data_and_nothing_else() -> None:
    done = run_service("http://127.0.0.1:1")
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1, "only the service's own line"


def test_no_log_is_exported_after_the_end(collector: Collector) -> None:
    done = run_service(collector.url, then="print(*(type(each).__name__ for each in logging.root.handlers))")
    assert done.stdout.splitlines()[-1] == "StreamHandler"


def test_without_endpoint_nothing_is_started() -> None:
    assert not telemetry.start("demo", "1", {})
    assert not telemetry.start("demo", "1", {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_SDK_DISABLED": "true"})
