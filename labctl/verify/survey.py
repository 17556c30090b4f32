"""The survey of a run: all signatures of the catalogue and all signals of the dashboards, judged on its telemetry."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from labctl.model.fault import Fault
from labctl.model.measurement import Metrics, Window, curve, finite
from labctl.model.samples import Series
from labctl.verify.confusion import Cell, Curves, cells
from labctl.verify.dashboard_signals import COMPONENTS, OVERVIEW, RESOURCES, Signal
from labctl.verify.misdirection import KEPT, Anomaly, Seen, ranked


@dataclass(frozen=True)
class Survey:
    """The matrix's row of one run, and the loudest anomalies of each dashboard."""

    cells: tuple[Cell, ...] = ()
    overview: tuple[Anomaly, ...] = ()
    resources: tuple[Anomaly, ...] = ()


def survey(
    metrics: Metrics,
    faults: Sequence[Fault],
    healthy: Window,
    broken: Window,
    paged_at: float,
    *,
    known: Curves | None = None,
) -> Survey:
    """Judge the signatures of all `faults` on one run, and the dashboards from `paged_at` (epoch seconds) on.

    `known` has curves of the run by their query: these queries are not asked again.
    """
    known = known or {}
    missing = curves(metrics, faults, Window(healthy.start, broken.end), known)
    row = cells(faults, {**known, **missing}, healthy, broken)
    paged = Window(paged_at, broken.end)
    overview, resources = (ranked(panels(metrics, each, healthy, paged))[:KEPT] for each in (OVERVIEW, RESOURCES))
    return Survey(row, overview, resources)


def curves(metrics: Metrics, faults: Iterable[Fault], span: Window, known: Container[str] = ()) -> Curves:
    """Measure every query of the faults' signatures once, except those in `known`."""
    probes = {probe.query: probe for fault in faults for probe in fault.signature if probe.query not in known}
    return {query: curve(metrics, probe, span) for query, probe in probes.items()}


def panels(metrics: Metrics, signals: Iterable[Signal], healthy: Window, broken: Window) -> list[Seen]:
    """Measure every signal of every component."""
    span = Window(healthy.start, broken.end)
    start, end = math.floor(span.start), math.ceil(span.end)
    return [
        Seen(component, signal, healthy.part(points), broken.part(points))
        for signal in signals
        for series in metrics.query_range(signal.query, start, end, span.step)
        if (component := _component(signal, series)) in COMPONENTS
        for points in [finite(series.points)]
    ]


def _component(signal: Signal, series: Series) -> str:
    return str(signal.component or series.labels.get(signal.label, ""))
