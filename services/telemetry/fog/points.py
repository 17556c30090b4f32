"""Fog over a batch of metrics: the points of an exporter that is away are lost, and a label is added up over."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable

from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.metrics.v1 import metrics_pb2 as otlp

from services.telemetry.fog.level import Level
from services.telemetry.otlp.codec import MetricsRequest
from services.telemetry.otlp.values import texts

Attributes = tuple[bytes, ...]


def thinned(batch: MetricsRequest, level: Level, now: float, lost: Tally[str]) -> MetricsRequest:
    """Return what is left of a batch; `lost` counts the points of exporters that are away."""
    left = MetricsRequest()
    for group in batch.resource_metrics:
        if level.away(texts(group.resource.attributes).get("service.name", ""), now):
            lost["exporter-away"] += sum(_size(metric) for scope in group.scope_metrics for metric in scope.metrics)
        else:
            left.resource_metrics.add().CopyFrom(group)
    for metric in (each for group in left.resource_metrics for scope in group.scope_metrics for each in scope.metrics):
        if (label := level.without_label.get(metric.name)) and metric.HasField("histogram"):
            _add_up(metric.histogram, label)
    return left


def _size(metric: otlp.Metric) -> int:
    data = metric.WhichOneof("data")
    return len(getattr(metric, data).data_points) if data else 0


def _add_up(histogram: otlp.Histogram, label: str) -> None:
    """Add up the points that are alike but for one attribute."""
    sums: dict[Attributes, otlp.HistogramDataPoint] = {}
    for point in histogram.data_points:
        others = [each for each in point.attributes if each.key != label]
        known = sums.setdefault(_key(others), point)
        if known is point:
            del point.attributes[:]
            point.attributes.extend(others)
        else:
            _merge(known, point)
    kept = [otlp.HistogramDataPoint.FromString(each.SerializeToString()) for each in sums.values()]
    del histogram.data_points[:]
    histogram.data_points.extend(kept)


def _key(attributes: Iterable[KeyValue]) -> Attributes:
    return tuple(sorted(each.SerializeToString(deterministic=True) for each in attributes))


def _merge(into: otlp.HistogramDataPoint, point: otlp.HistogramDataPoint) -> None:
    into.count += point.count
    into.sum += point.sum
    counts = [a + b for a, b in zip(into.bucket_counts, point.bucket_counts, strict=True)]
    into.bucket_counts[:] = counts
    into.exemplars.extend(point.exemplars)
    into.ClearField("min")
    into.ClearField("max")
    # Of the two, the earlier start and the later end.
    into.start_time_unix_nano = min(into.start_time_unix_nano, point.start_time_unix_nano)
    into.time_unix_nano = max(into.time_unix_nano, point.time_unix_nano)
