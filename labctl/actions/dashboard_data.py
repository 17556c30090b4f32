"""What the panels of a dashboard show: all their queries, asked in few requests, each for a time that is bounded.

Where a query is refused, its panel says so, and the others are shown.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from labctl.actions.logs import Line, line_of
from labctl.base.errors import LabctlError, LookupFailedError
from labctl.lab.lab import Lab
from labctl.lookups import many_queries
from labctl.model.dashboard import Panel, Target
from labctl.model.dashboard_queries import Moments, filled, named
from labctl.model.samples import Labels, Series

LONGEST_S = 6 * 3600.0
MOST_CURVES = 60
"""More than anybody can tell apart: the rest is left out, and said."""
MOST_LINES = 200
DIGITS = 6
Number = float | None


@dataclass(frozen=True)
class Curve:
    """One curve: `key` tells it from the panel's others, `values` begin at the first moment; None is a gap."""

    key: str
    ref: str
    name: str
    labels: Labels
    values: tuple[Number, ...]


@dataclass(frozen=True)
class Shown:
    """What one panel shows: `first` is the moment of its curves' first value."""

    first: int
    curves: tuple[Curve, ...] = ()
    lines: tuple[Line, ...] = ()
    left_out: int = 0
    problem: str = ""


@dataclass(frozen=True)
class _Question:
    target: Target
    query: str
    at: Moments


def ask(lab: Lab, panels: Sequence[Panel], values: Mapping[str, str], at: Moments) -> dict[int, Shown]:
    """Return what each panel shows at these moments; `values` are the patterns of the variables.

    Raises LabStateError when Prometheus is down.
    """
    asked = {panel.id: [_question(each, values, at) for each in panel.targets] for panel in panels}
    found = _curves(lab, [each for own in asked.values() for each in own])
    return {panel.id: _shown(lab, panel, asked[panel.id], found, at) for panel in panels}


def _question(target: Target, values: Mapping[str, str], at: Moments) -> _Question:
    own = Moments(at.last, at.last, at.step) if target.instant else at
    return _Question(target, filled(target.query, values, at), own)


Found = dict[tuple[str, Moments], list[Series] | LookupFailedError]


def _curves(lab: Lab, questions: Iterable[_Question]) -> Found:
    """Ask Prometheus: one request for what is asked over time, and one for what is asked of the last moment."""
    by_moments: dict[Moments, list[str]] = {}
    for each in questions:
        if each.target.source == "prometheus":
            by_moments.setdefault(each.at, []).append(each.query)
    return {
        (query, at): answer
        for at, queries in by_moments.items()
        for query, answer in many_queries.ranges(lab.prometheus, queries, at.first, at.last, at.step).items()
    }


def _shown(lab: Lab, panel: Panel, questions: Sequence[_Question], found: Found, at: Moments) -> Shown:
    try:
        if panel.kind == "logs":
            return Shown(at.first, lines=tuple(_lines(lab, questions)))
        curves = [curve for each in questions for curve in _answered(lab, each, found)]
    except LabctlError as problem:
        return Shown(at.first, problem=problem.what)
    first = questions[0].at.first if questions else at.first
    return Shown(first, tuple(curves[:MOST_CURVES]), left_out=max(0, len(curves) - MOST_CURVES))


def _answered(lab: Lab, question: _Question, found: Found) -> Iterator[Curve]:
    at, target = question.at, question.target
    if target.source == "loki":
        answer: list[Series] | LookupFailedError = lab.logs.curves(question.query, at.first, at.last, at.step)
    else:
        answer = found[question.query, at]
    if isinstance(answer, LookupFailedError):
        raise answer
    for series in answer:
        labels = dict(series.labels)
        key = f"{target.ref}{zlib.crc32(repr(sorted(labels.items())).encode('utf-8', 'surrogatepass')):08x}"
        yield Curve(key, target.ref, named(target.legend, labels), labels, _values(series, at))


def _values(series: Series, at: Moments) -> tuple[Number, ...]:
    values: list[Number] = [None] * at.count
    for when, value in series.points:
        place = at.place(when)
        if place is not None and math.isfinite(value):
            values[place] = float(f"{value:.{DIGITS}g}")
    return tuple(values)


def _lines(lab: Lab, questions: Iterable[_Question]) -> Iterator[Line]:
    """Yield the newest lines, the newest first."""
    for each in questions:
        most = min(each.target.most_lines, MOST_LINES)
        yield from map(line_of, reversed(lab.logs.query(each.query, each.at.first, each.at.last + 1, most)))
