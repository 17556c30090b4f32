"""What services tell OpenTelemetry, kept in memory: one pair of providers for the whole test process."""

from __future__ import annotations

from functools import cache
from typing import Any

from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from services.common import origin
from services.common.meters import CustomersMeterProvider
from services.common.telemetry import VIEWS


@cache
def _exporter() -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(origin.MarkedSpans())
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return exporter


@cache
def _reader() -> InMemoryMetricReader:
    reader = InMemoryMetricReader()
    metrics.set_meter_provider(CustomersMeterProvider([reader], views=VIEWS, shutdown_on_exit=False))
    return reader


class Observed:
    """Spans since it was made, and metrics of the whole process."""

    def __init__(self) -> None:
        _exporter().clear()
        _reader()

    def spans(self, name: str = "") -> list[ReadableSpan]:
        return [span for span in _exporter().get_finished_spans() if span.name.startswith(name)]

    def span(self, name: str) -> ReadableSpan:
        (found,) = self.spans(name)
        return found

    def points(self, metric: str, **labels: object) -> list[Any]:
        """Return the data points of a metric that carry `labels` (dots written as underscores)."""
        data = _reader().get_metrics_data()
        found = [
            point
            for resource in (data.resource_metrics if data else [])
            for scope in resource.scope_metrics
            for one in scope.metrics
            if one.name == metric
            for point in one.data.data_points
        ]
        return [point for point in found if labels.items() <= _labels(point).items()]

    def count(self, histogram: str, **labels: object) -> int:
        return sum(point.count for point in self.points(histogram, **labels))

    def value(self, metric: str, **labels: object) -> float:
        return float(sum(point.value for point in self.points(metric, **labels)))


def _labels(point: Any) -> dict[str, object]:
    return {name.replace(".", "_"): value for name, value in point.attributes.items()}
