"""The clients' view of the system, exported over OTLP every second: the user-facing figures that alerts look at."""

from __future__ import annotations

import socket
from collections.abc import Mapping

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.metrics import Histogram
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource

from services.common.instruments import BOUNDS_S

INTERVAL_MS = 1000
EXPORT_TIMEOUT_S = 2


class ClientMetrics:
    """Durations of requests by endpoint, outcome and status."""

    def __init__(self, duration: Histogram) -> None:
        self._duration = duration

    def record(self, endpoint: str, status: int, seconds: float) -> None:
        """Count a request; status 0: no answer came."""
        attributes: dict[str, str | int] = {"endpoint": endpoint, "outcome": outcome(status)}
        if status:
            attributes["http.response.status_code"] = status
        self._duration.record(seconds, attributes)


def outcome(status: int) -> str:
    """Return "error" for no answer (0) and server errors, "ok" for anything else: 4xx are the client's own."""
    return "error" if status == 0 or status >= 500 else "ok"


def provider(env: Mapping[str, str], version: str) -> MeterProvider:
    """Return a provider that exports to OTEL_EXPORTER_OTLP_ENDPOINT, or nowhere when that isn't set."""
    endpoint = env.get("OTEL_EXPORTER_OTLP_ENDPOINT", "").rstrip("/")
    readers: list[MetricReader] = []
    if endpoint:
        exporter = OTLPMetricExporter(endpoint=f"{endpoint}/v1/metrics", timeout=EXPORT_TIMEOUT_S)
        readers.append(
            PeriodicExportingMetricReader(
                exporter, export_interval_millis=INTERVAL_MS, export_timeout_millis=EXPORT_TIMEOUT_S * 1000
            )
        )
    return MeterProvider(readers, resource=_resource(env, version))


def client_metrics(source: MeterProvider) -> ClientMetrics:
    """Create the instrument."""
    duration = source.get_meter("clients").create_histogram(
        "client.request.duration",
        "s",
        "Duration of requests as the clients see them",
        explicit_bucket_boundaries_advisory=BOUNDS_S,
    )
    return ClientMetrics(duration)


def _resource(env: Mapping[str, str], version: str) -> Resource:
    return Resource(
        {
            "service.name": env.get("SERVICE_NAME") or "clients",
            "service.version": env.get("SERVICE_VERSION") or version,
            "service.instance.id": env.get("HOSTNAME") or socket.gethostname(),
            "deployment.environment.name": env.get("DEPLOYMENT_ENVIRONMENT", "production"),
        }
    )
