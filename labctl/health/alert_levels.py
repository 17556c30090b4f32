"""How close each alert's rule came to paging, second by second: its level, in units of its threshold; at 1 it pages.

The level of a branch is that of its lowest comparison, the level of a rule that of its highest branch.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
"""The labels that name the thing measured, such as the endpoint."""
Levels = dict[Identity, Times]
PAGE = "page"
_NOT_IDENTITY = frozenset({"__name__", "le"})


class Curves(Protocol):
    """What the level of a rule needs of a metrics client."""

    def query_range(self, promql: str, start: float, end: float, step: float) -> list[Series]:
        """Return one curve per series."""
        ...


class Rules(Protocol):
    """What finding the rules needs of a metrics client."""

    def rules(self) -> list[Rule]:
        """Return the alerting rules."""
        ...


class Metrics(Curves, Rules, Protocol):
    """What levels need of a metrics client."""


class Together(Rules, Protocol):
    """What the levels of all rules at one moment need of a metrics client."""

    def query_ranges(self, queries: Sequence[str], start: float, end: float, step: float) -> list[list[Series]]:
        """Return the curves of each query."""
        ...


@dataclass(frozen=True)
class _Answers:
    """What was asked all at once, by query."""

    curves: Mapping[str, list[Series]]

    def query_range(self, promql: str, start: float, end: float, step: float) -> list[Series]:
        """Return one curve per series, over the span that was asked for."""
        del start, end, step
        return self.curves[promql]


def levels(metrics: Curves, rule: Rule, window: Window, *, by_count: bool = False) -> Levels:
    """Return the level of one rule over a window, for each thing that it measures; empty where it has none.

    A rule about a quantile may also demand n requests slower than its threshold, to mistrust a figure of few requests.
    The level of that comparison is the duration of the n-th slowest request, in units of the threshold: by this factor
    the threshold could be higher or lower. With `by_count` it is the number of slow requests, in units of n.
    """
    found: Levels = {}
    for branch in alert_rules.branches(rule.expr):
        found = _either(found, _branch(metrics, branch, window, by_count))
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


def closest_now(metrics: Together, now: float) -> float | None:
    """Return the highest level of all paging rules at one moment, slow requests by their count.

    Zero where there is no paging rule; None where nothing was measured.
    """
    rules = paging(metrics)
    window = Window(now, now)
    answers = _ask(metrics, rules, window)
    found = (levels(answers, rule, window, by_count=True) for rule in rules)
    measured = [level for of_rule in found for curve in of_rule.values() for level in curve.values()]
    return max(measured, default=None if rules else 0.0)


def paging(metrics: Rules) -> list[Rule]:
    """Return the rules whose alerts page somebody."""
    return [each for each in metrics.rules() if each.labels.get("severity") == PAGE]


def _ask(metrics: Together, rules: Sequence[Rule], window: Window) -> _Answers:
    """Ask for every comparison of all rules in one request."""
    compared = (each.query for rule in rules for branch in alert_rules.branches(rule.expr) for each in branch)
    queries = list(dict.fromkeys(compared))
    return _Answers(dict(zip(queries, metrics.query_ranges(queries, *_span(window)), strict=True)))


def _span(window: Window) -> tuple[float, float, float]:
    return math.floor(window.start), math.ceil(window.end), window.step


def _branch(metrics: Curves, branch: Branch, window: Window, by_count: bool) -> Levels:
    measured = [_comparison(metrics, each, _span(window), by_count) for each in branch]
    return reduce(_both, measured) if measured else {}


def _comparison(metrics: Curves, comparison: Comparison, span: tuple[float, float, float], by_count: bool) -> Levels:
    found = _finite(metrics.query_range(comparison.query, *span))
    slow = comparison.slow
    if slow is None or by_count:
        return found
    took = slowest.took(metrics.query_range(slow.buckets, *span), slow.least)
    lasting: Levels = {labels: {at: s / slow.bound for at, s in times.items()} for labels, times in took.items()}
    # Only where the count itself has a value: elsewhere the branch does not apply.
    applies: Levels = {labels: dict.fromkeys(times, math.inf) for labels, times in found.items()}
    return _both(applies, lasting)


def _finite(series: Sequence[Series]) -> Levels:
    return {
        frozenset((name, value) for name, value in each.labels.items() if name not in _NOT_IDENTITY): {
            at: value for at, value in each.points if math.isfinite(value)
        }
        for each in series
    }


def _both(one: Levels, other: Levels) -> Levels:
    """Join the levels whose labels do not contradict each other; the lower level counts."""
    return {
        mine | theirs: {at: min(level, other[theirs][at]) for at, level in one[mine].items() if at in other[theirs]}
        for mine in one
        for theirs in other
        if _agree(mine | theirs)
    }


def _either(one: Levels, other: Levels) -> Levels:
    """Join the levels that have the same labels; the higher level counts."""
    return {each: _highest((one.get(each, {}), other.get(each, {}))) for each in {**one, **other}}


def _highest(curves: Iterable[Times]) -> Times:
    highest: dict[float, float] = {}
    for curve in curves:
        for at, level in curve.items():
            highest[at] = max(level, highest.get(at, level))
    return highest


def _agree(labels: Identity) -> bool:
    return len({name for name, _ in labels}) == len(labels)
