"""How close each alert's rule came to paging, second by second: its level, in units of its threshold. 1 is what pages.

A branch of a rule is as close as the comparison in it that is furthest off, a rule as close as its closest branch.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import pairwise
from typing import Protocol

from labctl.health import alert_rules, slowest
from labctl.health.alert_rules import Branch, Comparison
from labctl.model.measurement import STEP_S, Window
from labctl.model.samples import Rule, Series

Times = Mapping[float, float]
"""Values by epoch second."""
Identity = frozenset[tuple[str, str]]
"""The labels that tell what is measured, such as the endpoint."""
Levels = dict[Identity, Times]
PAGE = "page"
_NOT_IDENTITY = frozenset({"__name__", "le"})


class Metrics(Protocol):
    """What levels need of a metrics client."""

    def rules(self) -> list[Rule]:
        """Return the alerting rules."""
        ...

    def query_range(self, promql: str, start: float, end: float, step: float) -> list[Series]:
        """Return one curve per series."""
        ...


def levels(metrics: Metrics, rule: Rule, window: Window, *, believed: bool = False) -> Levels:
    """Return the level of one rule over a window, for each thing that it measures; empty where it has none.

    A count of slow requests says the quantile's threshold again. As a level, it is how long the last of those took that
    have to be slow: so much higher or lower the threshold could be. Or, if it is asked whether the figure is `believed`
    with the threshold as it is, how many of those there are.
    """
    found: Levels = {}
    for branch in alert_rules.branches(rule.expr):
        found = _either(found, _branch(metrics, branch, window, believed))
    return found


def sustained(level: Times, hold_s: float) -> float | None:
    """Return the highest level that was held for `hold_s` seconds without a gap; None when nothing was."""
    times = sorted(level)
    # A long window is measured in longer steps.
    step = max(STEP_S, min((later - at for at, later in pairwise(times)), default=STEP_S))
    length = math.ceil(hold_s / step) + 1
    runs = (times[at : at + length] for at in range(len(times) - length + 1))
    held = (min(level[at] for at in run) for run in runs if run[-1] - run[0] <= (length - 1) * step)
    return max(held, default=None)


def closest_now(metrics: Metrics, now: float) -> float | None:
    """Return the level of the closest rule that pages at one moment, if its figures would be believed.

    Zero where no rule pages; None where nothing was measured.
    """
    rules = paging(metrics)
    found = (levels(metrics, rule, Window(now, now), believed=True) for rule in rules)
    known = [level for of_rule in found for curve in of_rule.values() for level in curve.values()]
    return max(known, default=None if rules else 0.0)


def paging(metrics: Metrics) -> list[Rule]:
    """Return the rules that wake somebody up."""
    return [each for each in metrics.rules() if each.labels.get("severity") == PAGE]


def _branch(metrics: Metrics, branch: Branch, window: Window, believed: bool) -> Levels:
    span = (math.floor(window.start), math.ceil(window.end), window.step)
    measured = [_comparison(metrics, each, span, believed) for each in branch]
    return reduce(_both, measured) if measured else {}


def _comparison(metrics: Metrics, comparison: Comparison, span: tuple[float, float, float], believed: bool) -> Levels:
    found = _finite(metrics.query_range(comparison.query, *span))
    slow = comparison.slow
    if slow is None or believed:
        return found
    took = slowest.took(metrics.query_range(slow.buckets, *span), slow.least)
    lasting: Levels = {labels: {at: s / slow.bound for at, s in times.items()} for labels, times in took.items()}
    # Where the count itself has no value, the branch is not meant for what it measures.
    meant: Levels = {labels: dict.fromkeys(times, math.inf) for labels, times in found.items()}
    return _both(meant, lasting)


def _finite(series: Sequence[Series]) -> Levels:
    return {
        frozenset((name, value) for name, value in each.labels.items() if name not in _NOT_IDENTITY): {
            at: value for at, value in each.points if math.isfinite(value)
        }
        for each in series
    }


def _both(one: Levels, other: Levels) -> Levels:
    """Join what has no label in contradiction; the lower of the two counts."""
    return {
        mine | theirs: {at: min(level, other[theirs][at]) for at, level in one[mine].items() if at in other[theirs]}
        for mine in one
        for theirs in other
        if _agree(mine | theirs)
    }


def _either(one: Levels, other: Levels) -> Levels:
    """Join what has the same labels; the higher of the two counts."""
    return {each: _highest((one.get(each, {}), other.get(each, {}))) for each in {**one, **other}}


def _highest(curves: Iterable[Times]) -> Times:
    highest: dict[float, float] = {}
    for curve in curves:
        for at, level in curve.items():
            highest[at] = max(level, highest.get(at, level))
    return highest


def _agree(labels: Identity) -> bool:
    return len({name for name, _ in labels}) == len(labels)
