"""A metric family: the name, the type and the unit that its series share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from opentelemetry.proto.metrics.v1 import metrics_pb2 as otlp

from services.telemetry.metrics.names import metric_name, unit_name

CUMULATIVE = otlp.AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE
TOTAL = "_total"
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n"})
_OPENMETRICS_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", '"': '\\"'})


class UnsupportedMetricError(Exception):
    """A metric that the exposition formats cannot carry, or that clashes with one that is there."""


class Kind(StrEnum):
    """The types of the exposition formats that are used here."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"
    INFO = "info"


@dataclass(frozen=True)
class Family:
    """`name` is OpenMetrics' family name: without `_total` and `_info`."""

    name: str
    kind: Kind
    unit: str = ""
    help: str = ""

    @property
    def sample(self) -> str:
        """The name of its plain samples."""
        suffix = {Kind.COUNTER: TOTAL, Kind.INFO: "_info"}.get(self.kind, "")
        return self.name + suffix

    def header(self, *, openmetrics: bool) -> str:
        """Return the comment lines before its samples."""
        if openmetrics:
            unit = f"# UNIT {self.name} {self.unit}\n" if self.unit and self.name.endswith(f"_{self.unit}") else ""
            words = self.help.translate(_OPENMETRICS_ESCAPES)
            return f"# TYPE {self.name} {self.kind}\n{unit}# HELP {self.name} {words}\n"
        kind = Kind.GAUGE if self.kind is Kind.INFO else self.kind
        return f"# HELP {self.sample} {self.help.translate(_ESCAPES)}\n# TYPE {self.sample} {kind}\n"


def family_of(metric: otlp.Metric) -> Family:
    """Return the family of an OTLP metric; raises UnsupportedMetricError."""
    kind = _kind(metric)
    name = metric_name(metric.name, metric.unit, counter=kind is Kind.COUNTER, gauge=metric.HasField("gauge"))
    name = name.removesuffix(TOTAL) if kind is Kind.COUNTER else name
    if not name or name == "total":
        raise UnsupportedMetricError(f"{metric.name!r} is no name for a metric")
    return Family(name, kind, unit_name(metric.unit), metric.description)


def _kind(metric: otlp.Metric) -> Kind:
    data = metric.WhichOneof("data")
    if data == "gauge":
        return Kind.GAUGE
    if data not in ("sum", "histogram"):
        raise UnsupportedMetricError(f"{metric.name} is of kind {data}; expected gauge, sum or histogram")
    if getattr(metric, data).aggregation_temporality != CUMULATIVE:
        raise UnsupportedMetricError(f"{metric.name} is not cumulative")
    if data == "histogram":
        return Kind.HISTOGRAM
    return Kind.COUNTER if metric.sum.is_monotonic else Kind.GAUGE
