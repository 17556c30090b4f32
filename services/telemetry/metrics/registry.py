"""The last cumulative point of every series of every instance that still exports."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.metrics.v1 import metrics_pb2 as otlp
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

from services.telemetry.metrics.family import Family, Kind, UnsupportedMetricError, family_of
from services.telemetry.metrics.names import labels_of
from services.telemetry.metrics.series import HistogramSeries, NumberSeries, Series
from services.telemetry.metrics.text import label_text
from services.telemetry.otlp.codec import MetricsRequest
from services.telemetry.otlp.values import text, texts

Point = otlp.NumberDataPoint | otlp.HistogramDataPoint
SeriesKey = tuple[str, bytes]
NO_RECORDED_VALUE = otlp.DataPointFlags.DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK
MAX_SERIES = 50_000
IDENTITY = {"service.name", "service.namespace", "service.instance.id"}
TARGET = Family("target", Kind.INFO, help="What the instances say about themselves.")


@dataclass
class Outcome:
    """What became of one request's points; `reason` is that of the last refusal."""

    accepted: int = 0
    refused: int = 0
    reason: str = ""


@dataclass
class Instance:
    """One process that exports: its identity as label text, and its series by metric name and raw attributes."""

    labels: dict[str, str]
    target_info: str
    seen: float
    known: bool = False
    """Whether it has exported before: then a series that it adds now has begun since."""
    series: dict[SeriesKey, NumberSeries | HistogramSeries] = field(default_factory=dict)


class Registry:
    """Series by instance; an instance that has not exported for `ttl` seconds is gone. Safe between threads."""

    def __init__(self, ttl: float, now: Callable[[], float] = monotonic) -> None:
        self._ttl = ttl
        self._now = now
        self._lock = Lock()
        self._instances: dict[tuple[str, str], Instance] = {}
        self._families: dict[str, Family] = {}
        self._count = 0

    def accept(self, batch: MetricsRequest) -> Outcome:
        """Make every point of the batch the last one of its series."""
        outcome = Outcome()
        exported: list[Instance] = []
        with self._lock:
            for resource_metrics in batch.resource_metrics:
                instance = self._instance(resource_metrics.resource)
                exported.append(instance)
                for scope_metrics in resource_metrics.scope_metrics:
                    for metric in scope_metrics.metrics:
                        self._take(instance, metric, outcome)
            for instance in exported:
                instance.known = True
        return outcome

    def snapshot(
        self, *, exemplars: bool, wanted: Callable[[str], bool] | None = None, within_s: float | None = None
    ) -> list[tuple[Family, str]]:
        """Every family with the text of its samples, by name; `target_info` first.

        Only those families whose name is `wanted`, and of those instances that exported within so many seconds.
        """
        with self._lock:
            self._forget()
            names: set[str] = set()
            lines: dict[str, list[str]] = {}
            for instance in self._instances.values():
                fresh = within_s is None or self._now() - instance.seen <= within_s
                for series in instance.series.values():
                    names.add(series.family)
                    if fresh and (wanted is None or wanted(series.family)):
                        lines.setdefault(series.family, []).append(series.text(exemplars=exemplars))
            self._families = {name: family for name, family in self._families.items() if name in names}
            target = "".join(instance.target_info for instance in self._instances.values())
            found = [(self._families[name], "".join(lines[name])) for name in sorted(lines)]
        return [(TARGET, target), *found] if target else found

    def drop(self, metrics: Container[str]) -> None:
        """Forget the series of some metrics (OTLP's names): those that are still exported come back."""
        with self._lock:
            for instance in self._instances.values():
                instance.series = {key: each for key, each in instance.series.items() if key[0] not in metrics}
                # What comes back has counted for long: as a series that begins now, it would jump up from zero.
                instance.known = False

    def sizes(self) -> tuple[int, int]:
        """How many instances and how many series there are."""
        with self._lock:
            self._forget()
            return len(self._instances), self._count

    def _instance(self, resource: Resource) -> Instance:
        attributes = texts(resource.attributes)
        job = attributes.get("service.name") or "unknown_service"
        if namespace := attributes.get("service.namespace"):
            job = f"{namespace}/{job}"
        name = attributes.get("service.instance.id", "")
        known = self._instances.get((job, name))
        if known is None:
            known = self._instances[job, name] = _instance(job, name, attributes, self._now())
        known.seen = self._now()
        return known

    def _take(self, instance: Instance, metric: otlp.Metric, outcome: Outcome) -> None:
        for point in _points(metric):
            key = (metric.name, b"".join([item.SerializeToString() for item in point.attributes]))
            try:
                self._update(instance, key, metric, point)
                outcome.accepted += 1
            except UnsupportedMetricError as error:
                outcome.refused += 1
                outcome.reason = str(error)

    def _update(self, instance: Instance, key: SeriesKey, metric: otlp.Metric, point: Point) -> None:
        if point.flags & NO_RECORDED_VALUE:
            self._count -= instance.series.pop(key, None) is not None
            return
        series = instance.series.get(key)
        if series is None or not _fits(series, point):
            family = self._family(metric)
            if series is None and self._count >= MAX_SERIES:
                raise UnsupportedMetricError(f"more than {MAX_SERIES} series")
            self._count += series is None
            series = instance.series[key] = _series(family, instance, point)
        series.update(point)  # type: ignore[arg-type] # _fits has seen that they are of one kind

    def _family(self, metric: otlp.Metric) -> Family:
        """Let the first to use a name decide its type."""
        family = family_of(metric)
        known = self._families.setdefault(family.name, family)
        if known.kind is not family.kind:
            raise UnsupportedMetricError(f"{family.name} is a {known.kind} already, not a {family.kind}")
        return known

    def _forget(self) -> None:
        limit = self._now() - self._ttl
        self._instances = {key: instance for key, instance in self._instances.items() if instance.seen >= limit}
        self._count = sum(len(instance.series) for instance in self._instances.values())


def _instance(job: str, name: str, attributes: dict[str, str], now: float) -> Instance:
    labels = {"job": job, "instance": name}
    described = {key: value for key, value in attributes.items() if key not in IDENTITY}
    target = label_text({**labels, **labels_of(described.items())})
    if version := attributes.get("service.version"):
        labels["service_version"] = version
    return Instance(labels, f"{TARGET.sample}{{{target}}} 1\n", now)


def _points(metric: otlp.Metric) -> Iterable[Point]:
    data = metric.WhichOneof("data")
    return getattr(metric, data).data_points if data else ()


def _fits(series: NumberSeries | HistogramSeries, point: Point) -> bool:
    if isinstance(point, otlp.HistogramDataPoint):
        return isinstance(series, HistogramSeries) and series.bounds == tuple(point.explicit_bounds)
    return isinstance(series, NumberSeries)


def _series(family: Family, instance: Instance, point: Point) -> NumberSeries | HistogramSeries:
    labels = label_text(_labels(instance, point.attributes))
    if isinstance(point, otlp.HistogramDataPoint):
        return HistogramSeries(family.name, labels, tuple(point.explicit_bounds), from_zero=instance.known)
    counts = family.kind is Kind.COUNTER
    return NumberSeries(family.name, family.sample, labels, with_exemplar=counts, from_zero=counts and instance.known)


def _labels(instance: Instance, attributes: Iterable[KeyValue]) -> dict[str, str]:
    """Rename attributes that clash with the instance's labels to `exported_<name>`, as Prometheus does."""
    own = labels_of((item.key, text(item.value)) for item in attributes)
    return instance.labels | {f"exported_{name}" if name in instance.labels else name: own[name] for name in own}


__all__ = ["MAX_SERIES", "Outcome", "Registry", "Series"]
