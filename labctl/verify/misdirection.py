"""Which component looks worst on the dashboards, and whether it is the component of the root cause.

An anomaly is a signal whose median after the page is outside the range of the healthy window. Its loudness is the
factor by which the signal changed, up or down: (broken + floor) / (healthy + floor), or the inverse. The floor is the
least change that can be seen in the signal, so that the first single error is not an infinite change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from labctl.model.fault import Fault
from labctl.model.measurement import Curve, median
from labctl.model.vocabulary import Component
from labctl.verify.dashboard_signals import Signal

KEPT = 5
"""A record keeps so many of the loudest anomalies."""


@dataclass(frozen=True)
class Seen:
    """The curves of one signal of one component, healthy and broken."""

    component: str
    signal: Signal
    healthy: Curve
    broken: Curve


@dataclass(frozen=True)
class Anomaly:
    """A signal of one component that changed, with its medians and the factor of the change."""

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
    """Whether the component of the loudest anomaly is a wrong answer; None without an anomaly or a true component.

    It is wrong when `labctl submit` would grade it as wrong: for a fault of a link, an end of the link is wrong unless
    the fault accepts it. A fault without a component (nothing is wrong) can't be pointed at.
    """
    causes = {cause.component for cause in (fault.root_cause, *fault.accepted)} - {Component.NONE}
    if not anomalies or not causes:
        return None
    return anomalies[0].component not in causes
