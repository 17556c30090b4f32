"""Which component looks worst on the dashboards, and whether it is the one to name as the root cause's.

An anomaly is a signal whose median after the page lies outside of everything that the healthy window showed. How loud
it is says by what factor it changed, up or down: (broken + floor) / (healthy + floor), or its inverse. The floor is the
least that the signal can tell apart, so that a first single error is no infinite change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from labctl.model.fault import Fault
from labctl.model.measurement import Curve, median
from labctl.model.vocabulary import Component
from labctl.verify.dashboard_signals import Signal

KEPT = 5
"""So many of the loudest anomalies are worth a record."""


@dataclass(frozen=True)
class Seen:
    """One signal of one component, healthy and broken."""

    component: str
    signal: Signal
    healthy: Curve
    broken: Curve


@dataclass(frozen=True)
class Anomaly:
    """How loudly one signal of one component says that something is wrong."""

    component: str
    signal: str
    unit: str
    healthy: float
    broken: float
    factor: float
    """By how much it changed, up or down: always above 1."""


def ranked(seen: Iterable[Seen]) -> tuple[Anomaly, ...]:
    """Return the anomalies, the loudest first; equally loud ones by their names."""
    found = [anomaly for each in seen if (anomaly := _anomaly(each))]
    return tuple(sorted(found, key=lambda each: (-each.factor, each.component, each.signal)))


def _anomaly(seen: Seen) -> Anomaly | None:
    healthy, broken = median(seen.healthy), median(seen.broken)
    if healthy is None or broken is None:
        return None
    values = [value for _, value in seen.healthy]
    if min(values) <= broken <= max(values):
        return None
    change = (broken + seen.signal.floor) / (healthy + seen.signal.floor)
    factor = max(change, 1 / change)
    return Anomaly(seen.component, seen.signal.name, seen.signal.unit, healthy, broken, round(factor, 2))


def points_elsewhere(fault: Fault, anomalies: tuple[Anomaly, ...]) -> bool | None:
    """Whether the component of the loudest anomaly is a wrong answer; None when there is none to speak of.

    It is as wrong as `labctl submit` would grade it: one end of a link is neither the link nor the other end, unless it
    is accepted, too. A fault that is no component's (nothing is wrong) has nowhere to point.
    """
    causes = {cause.component for cause in (fault.root_cause, *fault.accepted)} - {Component.NONE}
    if not anomalies or not causes:
        return None
    return anomalies[0].component not in causes
