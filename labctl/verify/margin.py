"""The margin of a verification: how far its symptom went beyond what pages, and how far below the healthy lab stays.

Both are levels (alert_levels.py): the value of an alert's rule, over the rule's own window, in units of the rule's
threshold; a symptom's is held as long as the rule asks, a healthy lab's is the closest of the last seconds. A symptom
of 2 would have paged with a threshold twice as high; a healthy lab at 0.5 would not have with one half as high.
Service levels are fixed and hosts are not: without a margin, a faster or a slower host has other symptoms.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from labctl.health.alert_levels import Levels, Metrics, Times, levels, paging, sustained
from labctl.model.measurement import STEP_S, Window
from labctl.model.samples import Rule

LEAST = 2.0
"""A smaller margin is a finding: a host twice as fast could lose the symptom, one half as fast page by itself."""
SETTLED_S = 3.0
"""So many seconds of a healthy window are looked at, each with what a rule's own window holds then."""


@dataclass(frozen=True)
class Margin:
    """How far one run went, in units of the threshold of the rule that went furthest."""

    alert: str | None = None
    """The rule that paged, and went furthest; None when none paged."""
    symptom: float | None = None
    """Its level; None when it pages at any value at all, and has no threshold to be beyond."""
    nearest: str | None = None
    """The rule that the healthy lab came closest to."""
    healthy: float | None = None
    """Its level; None when nothing was measured."""

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
    """The rules that page, and how close the healthy lab came to which: what is past is asked for once."""

    rules: tuple[Rule, ...]
    nearest: str | None
    healthy: float | None


def baseline(metrics: Metrics, healthy: Window) -> Baseline:
    """Return how close the healthy lab came to paging."""
    # Its end: the rules look back from there, and the window may begin while what was before still echoes.
    settled = Window(max(healthy.start, healthy.end - SETTLED_S), healthy.end)
    rules = paging(metrics)
    return Baseline(tuple(rules), *closest(metrics, rules, settled))


def measured(metrics: Metrics, before: Baseline, broken: Window) -> Margin:
    """Return the margin of a run: of the rules that page, over its broken window, beside what was before."""
    return Margin(*symptom_of(metrics, before.rules, broken), before.nearest, before.healthy)


def symptom_of(metrics: Metrics, rules: Iterable[Rule], broken: Window) -> tuple[str | None, float | None]:
    """Return the rule that paged and went furthest, and how far; a rule without a level comes last."""
    best: tuple[str | None, float | None] = (None, None)
    for rule in rules:
        active = _active(metrics, rule, broken)
        if active:
            level = _most(levels(metrics, rule, broken), rule.hold_s, active)
            if best[0] is None or (level is not None and level > (best[1] or 0.0)):
                best = (rule.name, level)
    return best


def closest(metrics: Metrics, rules: Iterable[Rule], window: Window) -> tuple[str | None, float | None]:
    """Return the rule that came closest to its threshold in a window, for however short a time, and how close."""
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
