"""One series of one instance: its last cumulative point, and how it reads.

Line prefixes are made once, and the text of a series is made again only when its point has changed: at one scrape a
second, most of the cost would otherwise go into text that is the same as before.

A series that a known instance adds later reads as zero once, before its first point: a rate is made of differences, and
would never see the events that a series begins with, such as the first errors of a kind. Only an OpenMetrics page,
which is what Prometheus asks for, uses the zero up: somebody who looks at the plain text doesn't take it from it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import Protocol, TypeAlias

from opentelemetry.proto.metrics.v1 import metrics_pb2 as otlp

from services.telemetry.metrics.text import Exemplar, bound, number

NANO = 1e9
HistogramPoint: TypeAlias = tuple[int, float | None, tuple[int, ...]]
"""Count, sum, and a count per bucket."""


class Series(Protocol):
    """What the registry keeps of one series."""

    family: str

    def text(self, *, exemplars: bool) -> str:
        """Its sample lines."""


class NumberSeries:
    """The last point of a counter or a gauge."""

    def __init__(self, family: str, sample: str, labels: str, *, with_exemplar: bool, from_zero: bool = False) -> None:
        self.family = family
        self._from_zero = from_zero
        self._prefix = f"{sample}{{{labels}}} "
        self._with_exemplar = with_exemplar
        self._value: float = 0
        self._exemplar: Exemplar | None = None

    def update(self, point: otlp.NumberDataPoint) -> None:
        """Take the newer point."""
        self._value = point.as_int if point.WhichOneof("value") == "as_int" else point.as_double
        if self._with_exemplar:
            for exemplar in traced(point.exemplars):
                self._exemplar = exemplar

    def text(self, *, exemplars: bool) -> str:
        """One line."""
        if exemplars and self._from_zero:
            self._from_zero = False
            return f"{self._prefix}0\n"
        suffix = self._exemplar if exemplars and self._exemplar else ""
        return f"{self._prefix}{number(self._value)}{suffix}\n"


class HistogramSeries:
    """The last point of a histogram, and the last exemplar that each bucket ever had.

    An export holds only the exemplars of its own second; Prometheus would find most buckets without one if they went
    with it.
    """

    def __init__(self, family: str, labels: str, bounds: tuple[float, ...], *, from_zero: bool = False) -> None:
        self.family = family
        self._from_zero = from_zero
        self.bounds = bounds
        separator = "," if labels else ""
        uppers = [bound(upper) for upper in (*bounds, float("inf"))]
        self._buckets = [f'{family}_bucket{{{labels}{separator}le="{upper}"}} ' for upper in uppers]
        self._count_prefix = f"{family}_count{{{labels}}} "
        self._sum_prefix = f"{family}_sum{{{labels}}} "
        self._exemplars: dict[int, Exemplar] = {}
        self._point: HistogramPoint = (0, None, ())
        self._texts: dict[bool, str] = {}

    def update(self, point: otlp.HistogramDataPoint) -> None:
        """Take the newer point; the caller has seen that its bounds are this series' own."""
        newer = (point.count, point.sum if point.HasField("sum") else None, tuple(point.bucket_counts))
        if newer == self._point and not point.exemplars:
            return
        self._point = newer
        self._texts.clear()
        for exemplar in traced(point.exemplars):
            self._exemplars[bisect_left(self.bounds, exemplar.value)] = exemplar

    def text(self, *, exemplars: bool) -> str:
        """One line a bucket, then count and sum."""
        if exemplars and self._from_zero:
            self._from_zero = False
            return "".join(self._lines((0, None if self._point[1] is None else 0, ()), {}))
        if exemplars not in self._texts:
            self._texts[exemplars] = "".join(self._lines(self._point, self._exemplars if exemplars else {}))
        return self._texts[exemplars]

    def _lines(self, point: HistogramPoint, exemplars: dict[int, Exemplar]) -> Iterable[str]:
        count, total, counts = point
        below = 0
        for index, prefix in enumerate(self._buckets):
            last = index == len(self._buckets) - 1
            below = count if last else below + (counts[index] if index < len(counts) else 0)
            yield f"{prefix}{below}{exemplars.get(index, '')}\n"
        yield f"{self._count_prefix}{count}\n"
        if total is not None:
            yield f"{self._sum_prefix}{number(total)}\n"


def traced(exemplars: Iterable[otlp.Exemplar]) -> Iterable[Exemplar]:
    """Those exemplars that name a trace."""
    for exemplar in exemplars:
        if exemplar.trace_id:
            is_int = exemplar.WhichOneof("value") == "as_int"
            value = float(exemplar.as_int) if is_int else exemplar.as_double
            at = exemplar.time_unix_nano / NANO
            yield Exemplar(exemplar.trace_id.hex(), exemplar.span_id.hex(), value, at)
