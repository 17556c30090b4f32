"""OpenTelemetry for one process: metrics over OTLP/HTTP every second, traces and logs every other second.

Export happens on threads of its own with bounded queues: a telemetry service that is slow or away costs data, never
a request. Started after the fork, since threads don't survive one.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Mapping
from functools import partial

from opentelemetry import metrics, trace
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.logging.handler import LoggingHandler
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import Histogram
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.metrics.view import ExplicitBucketHistogramAggregation, View
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_ON

from services.common import lifecycle, origin
from services.common.instruments import BOUNDS_S, FINE_BOUNDS_S
from services.common.logs import RequestFilter
from services.common.meters import CustomersMeterProvider

METRICS_EVERY_MS = 1000
RECORDS_EVERY_MS = 2000
"""Traces and logs: nothing is computed over them from second to second, and every export costs CPU."""
EXPORT_TIMEOUT_S = 2
QUEUE = 4096

VIEWS = (
    View(
        instrument_type=Histogram,
        instrument_name="db.*",
        aggregation=ExplicitBucketHistogramAggregation(FINE_BOUNDS_S),
    ),
    View(
        instrument_type=Histogram,
        instrument_name="[!d]*",
        aggregation=ExplicitBucketHistogramAggregation(BOUNDS_S),
    ),
)


def start(service: str, version: str, env: Mapping[str, str]) -> bool:
    """Start exporting; False when the environment names no endpoint or disables the SDK."""
    endpoint = env.get("OTEL_EXPORTER_OTLP_ENDPOINT", "").rstrip("/")
    if not endpoint or env.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    resource = _resource(service, version, env)
    _start_metrics(endpoint, resource)
    _start_traces(endpoint, resource)
    _start_logs(endpoint, resource)
    return True


def _resource(service: str, version: str, env: Mapping[str, str]) -> Resource:
    return Resource(
        {
            "service.name": service,
            "service.version": version,
            "service.instance.id": env.get("HOSTNAME") or socket.gethostname(),
            "deployment.environment.name": env.get("DEPLOYMENT_ENVIRONMENT", "production"),
        }
    )


def _start_metrics(endpoint: str, resource: Resource) -> None:
    exporter = OTLPMetricExporter(endpoint=f"{endpoint}/v1/metrics", timeout=EXPORT_TIMEOUT_S)
    reader = PeriodicExportingMetricReader(
        exporter, export_interval_millis=METRICS_EVERY_MS, export_timeout_millis=EXPORT_TIMEOUT_S * 1000
    )
    provider = CustomersMeterProvider([reader], resource=resource, views=VIEWS, shutdown_on_exit=False)
    metrics.set_meter_provider(provider)
    lifecycle.on_shutdown(provider.shutdown)


def _start_traces(endpoint: str, resource: Resource) -> None:
    # A service exports every trace: if some are to be dropped, telemetry does it, where it can be seen.
    provider = TracerProvider(sampler=ALWAYS_ON, resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(origin.MarkedSpans())
    exporter = OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces", timeout=EXPORT_TIMEOUT_S)
    provider.add_span_processor(
        BatchSpanProcessor(
            exporter, max_queue_size=QUEUE, schedule_delay_millis=RECORDS_EVERY_MS, max_export_batch_size=512
        )
    )
    trace.set_tracer_provider(provider)
    lifecycle.on_shutdown(provider.shutdown)


def _start_logs(endpoint: str, resource: Resource) -> None:
    provider = LoggerProvider(resource=resource, shutdown_on_exit=False)
    exporter = OTLPLogExporter(endpoint=f"{endpoint}/v1/logs", timeout=EXPORT_TIMEOUT_S)
    provider.add_log_record_processor(
        BatchLogRecordProcessor(exporter, schedule_delay_millis=RECORDS_EVERY_MS, max_queue_size=QUEUE)
    )
    handler = LoggingHandler(logger_provider=provider)
    handler.addFilter(RequestFilter())
    logging.root.addHandler(handler)
    lifecycle.on_shutdown(partial(_stop_logs, provider, handler))


def _stop_logs(provider: LoggerProvider, handler: LoggingHandler) -> None:
    # As the interpreter ends, it flushes every handler that is still referenced. This one would do so on a new thread,
    # which Python 3.12.0 to 3.12.2 no longer start by then.
    logging.root.removeHandler(handler)
    provider.shutdown()
