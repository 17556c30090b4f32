"""What probes measured: one curve over a healthy window and one over a broken window, in epoch seconds."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from labctl.base.errors import CatalogueError
from labctl.model.probe import Probe
from labctl.model.samples import Series

Point = tuple[float, float]
Curve = tuple[Point, ...]
Curves = MutableMapping[str, Curve]
"""Curves by their query: probes share queries, with tolerances of their own."""

STEP_S = 1.0
"""Prometheus scrapes and evaluates once a second: a finer step would show nothing more."""
MAX_POINTS = 600
"""Longer windows are measured with a coarser step, so that an incident of hours stays a small document."""


class Metrics(Protocol):
    """What measuring needs of a metrics client."""

    def query_range(self, promql: str, start: float, end: float, step: float) -> list[Series]:
        """Return one curve per series."""
        ...


@dataclass(frozen=True)
class Window:
    """A span of time, in epoch seconds; both ends belong to it."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        """Its length; never negative."""
        return max(0.0, self.end - self.start)

    @property
    def step(self) -> float:
        """The step in seconds, a whole number of them, that keeps a curve within MAX_POINTS."""
        return max(STEP_S, float(math.ceil(self.seconds / MAX_POINTS)))

    def contains(self, at: float) -> bool:
        """Whether `at` lies inside."""
        return self.start <= at <= self.end

    def part(self, points: Curve) -> Curve:
        """Return the points inside, the ends rounded outwards to whole seconds, as `curve` measures this window."""
        whole = Window(math.floor(self.start), math.ceil(self.end))
        return tuple(point for point in points if whole.contains(point[0]))


@dataclass(frozen=True)
class Measurement:
    """One probe's curves, before and after something changed. An empty curve means that telemetry is missing."""

    probe: Probe
    healthy: Curve
    broken: Curve

    @property
    def baseline(self) -> float | None:
        """The healthy median; None when nothing was measured."""
        return median(self.healthy)

    def verdicts(self, curve: Curve) -> dict[float, bool]:
        """Whether the probe holds, by time; times without a verdict (no data, no baseline) are absent."""
        judged = ((at, self.probe.tolerance.holds(value, self.baseline)) for at, value in curve)
        return {at: holds for at, holds in judged if holds is not None}

    @property
    def known(self) -> bool:
        """Whether the probe can be judged at all in the broken window."""
        return bool(self.verdicts(self.broken))

    def value_after(self, at: float) -> float | None:
        """Return the median of the broken curve from `at` on."""
        return median(tuple(point for point in self.broken if point[0] >= at))


def median(curve: Curve) -> float | None:
    """Return the middle value of a curve; None when it is empty."""
    return statistics.median(value for _, value in curve) if curve else None


def measure(
    metrics: Metrics, probes: Iterable[Probe], healthy: Window, broken: Window, known: Curves | None = None
) -> dict[str, Measurement]:
    """Return each probe's measurement by its name.

    `known` has healthy curves by their query. A curve that it lacks is measured and added: each is asked for once.
    """
    known = {} if known is None else known
    found: dict[str, Measurement] = {}
    for probe in probes:
        if probe.query not in known:
            known[probe.query] = curve(metrics, probe, healthy)
        found[probe.name] = Measurement(probe, known[probe.query], curve(metrics, probe, broken))
    return found


def curve(metrics: Metrics, probe: Probe, window: Window) -> Curve:
    """Return the finite points of one probe. Raises CatalogueError when its query yields several series."""
    # Whole seconds: the curves of all probes then share their times, and can be joined on them.
    start, end = math.floor(window.start), math.ceil(window.end)
    series = metrics.query_range(probe.query, start, end, window.step)
    if len(series) > 1:
        raise CatalogueError(
            f"probe '{probe.name}' yields {len(series)} series",
            expected="a query that yields a single number",
            todo="aggregate it, such as sum(…)",
        )
    return finite(series[0].points) if series else ()


def finite(points: Sequence[Point]) -> Curve:
    """Drop NaN and infinite points: a ratio over no traffic measured nothing."""
    return tuple((at, value) for at, value in points if math.isfinite(value))
