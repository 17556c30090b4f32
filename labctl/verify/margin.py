"""The margin of a verification: how far a symptom is above the paging threshold, and how far below a healthy lab is.

Both are levels (alert_levels.py): the value of an alert's rule, over the rule's own window, in units of the rule's
threshold. A symptom's level was held for as long as the rule requires; a healthy lab's is the highest of its last
seconds. A symptom of 2 would page at twice the threshold, too; a healthy lab at 0.5 would not page at half of it.
Thresholds are fixed, but hosts differ: without a margin, a fault may not page on another host, or a healthy lab may.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from labctl.health.alert_levels import Levels, Metrics, Times, levels, paging, sustained
from labctl.model.measurement import STEP_S, Window
from labctl.model.samples import Rule

LEAST = 2.0
"""A smaller margin is a finding: a host twice as fast might not page, one half as fast might page without a fault."""
SETTLED_S = 3.0
"""Only so many seconds at the end of a healthy window are judged."""


@dataclass(frozen=True)
class Margin:
    """The margin of one run; levels are in units of their rule's threshold."""

    alert: str | None = None
    """The rule that paged and rose furthest above its threshold; None when none paged."""
    symptom: float | None = None
    """The level of `alert`; None when that rule has no threshold, since it pages at any value."""
    nearest: str | None = None
    """The rule whose threshold the healthy lab came closest to."""
    healthy: float | None = None
    """The level of `nearest`; None when nothing was measured."""

    def findings(self, least: float = LEAST) -> list[str]:
        """Return one sentence for each side on which the margin is below `least`."""
        return list(self.narrow(least).values())

    def narrow(self, least: float = LEAST) -> dict[str, str]:
        """Return one sentence for each side, "symptom" and "healthy", on which the margin is below `least`."""
        found = {}
        if self.symptom is not None and self.symptom < least:
            went = math.floor(self.symptom * 100) / 100
            found["symptom"] = f"{self.alert} went to {went:.2f} times its threshold, expected {least:g} or more"
        if self.healthy is not None and self.healthy * least > 1:
            came = math.ceil(self.healthy * 100) / 100
            found["healthy"] = (
                f"the healthy lab came to {came:.2f} of the threshold of {self.nearest}, "
                f"expected {1 / least:.2g} or less"
            )
        return found


@dataclass(frozen=True)
class Baseline:
    """The paging rules, and how close the healthy lab came to one; measured once per run, since it is past."""

    rules: tuple[Rule, ...]
    nearest: str | None
    healthy: float | None


def baseline(metrics: Metrics, healthy: Window) -> Baseline:
    """Return how close the healthy lab came to paging."""
    # Only the window's end: rules look back, and at its beginning they may still see the time before it.
    settled = Window(max(healthy.start, healthy.end - SETTLED_S), healthy.end)
    rules = paging(metrics)
    return Baseline(tuple(rules), *closest(metrics, rules, settled))


def measured(metrics: Metrics, before: Baseline, broken: Window) -> Margin:
    """Return the margin of a run: the symptom over its broken window, and the healthy lab's level from `before`."""
    return Margin(*symptom_of(metrics, before.rules, broken), before.nearest, before.healthy)


def symptom_of(metrics: Metrics, rules: Iterable[Rule], broken: Window) -> tuple[str | None, float | None]:
    """Return the rule that paged and rose furthest, and its level; a rule without a level comes last."""
    best: tuple[str | None, float | None] = (None, None)
    for rule in rules:
        active = _active(metrics, rule, broken)
        if active:
            level = _most(levels(metrics, rule, broken), rule.hold_s, active)
            if best[0] is None or (level is not None and level > (best[1] or 0.0)):
                best = (rule.name, level)
    return best


def closest(metrics: Metrics, rules: Iterable[Rule], window: Window) -> tuple[str | None, float | None]:
    """Return the rule that came closest to its threshold in a window, even for one second, and its level."""
    found = ((rule.name, _most(levels(metrics, rule, window), 0.0)) for rule in rules)
    known = [(name, level) for name, level in found if level is not None]
    return max(known, key=lambda each: each[1]) if known else (None, None)


def _most(of_rule: Levels, hold_s: float, within: set[float] | None = None) -> float | None:
    return max(_held(of_rule.values(), hold_s, within), default=None)


def _held(curves: Iterable[Times], hold_s: float, within: set[float] | None) -> Iterator[float]:
    for curve in curves:
        seen: Times = curve if within is None else {at: level for at, level in curve.items() if at in within}
        if (level := sustained(seen, hold_s)) is not None:
            yield level


def _active(metrics: Metrics, rule: Rule, window: Window) -> set[float]:
    """Return the seconds in which an alert was pending or firing; none when it never fired."""
    alerts = f'ALERTS{{alertname="{rule.name}",alertstate=~"pending|firing"}}'
    series = metrics.query_range(alerts, int(window.start), int(window.end) + 1, STEP_S)
    if not any(each.labels.get("alertstate") == "firing" for each in series):
        return set()
    return {at for each in series for at, _ in each.points}
