"""Asking Prometheus."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import ClassVar

from labctl.actions.answer import Answer, moment
from labctl.actions.elsewhere import reachable
from labctl.actions.looking import look
from labctl.base.text import checked
from labctl.base.times import parse_duration
from labctl.lookups.figures import json_number, summary
from labctl.lookups.promql_place import placed
from labctl.model.samples import Labels, Series

POINTS = 240
"""About how many points a curve has, unless the user gave a step."""
Number = float | str | None
"""A number; "NaN", "+Inf" and "-Inf" are text, since JSON has no such numbers."""


@dataclass(frozen=True)
class Value:
    """The present value of one series."""

    labels: Labels
    value: Number


@dataclass(frozen=True)
class Values(Answer):
    """What a query yields at one moment."""

    schema: ClassVar[str] = "labctl.metrics/1"
    query: str
    at: datetime
    series: tuple[Value, ...]


@dataclass(frozen=True)
class Curve:
    """One series over a span: its least, mean, greatest and last value, and its points as pairs of time and value."""

    labels: Labels
    min: Number
    mean: Number
    max: Number
    last: Number
    points: tuple[tuple[datetime, Number], ...]


@dataclass(frozen=True)
class Curves(Answer):
    """What a query yields over a span, a point every `step_s` seconds."""

    schema: ClassVar[str] = "labctl.metrics-range/1"
    query: str
    start: datetime
    end: datetime
    step_s: float
    series: tuple[Curve, ...]


@reachable
def values(name: str, query: str) -> Values:
    """Return a query's values now. Raises LookupFailedError with what Prometheus says of a query, and where."""
    lab = look(name, "metrics", query=checked(query, "the query"), range="")
    now = time.time()
    with placed(query):
        found = lab.prometheus.query(query, now)
    return Values(query, moment(now), tuple(Value(each.labels, json_number(each.value)) for each in found))


@reachable
def curves(name: str, query: str, span: str, step: str = "", until: datetime | None = None) -> Curves:
    """Return a query's curves over the `span`, such as 5m, up to `until` or now, a point every `step`.

    Raises as `values` does.
    """
    checked(query, "the query")
    seconds = parse_duration(span, "--range")
    spacing = parse_duration(step, "--step") if step else max(1.0, round(seconds / POINTS))
    lab = look(name, "metrics", query=query, range=span)
    now = min(until.timestamp(), time.time()) if until else time.time()
    with placed(query):
        found = lab.prometheus.query_range(query, now - seconds, now, spacing)
    return Curves(query, moment(now - seconds), moment(now), spacing, tuple(map(_curve, found)))


def _curve(series: Series) -> Curve:
    figures = {key: json_number(value) for key, value in asdict(summary(series)).items()}
    points = tuple((moment(at), json_number(value)) for at, value in series.points)
    return Curve(series.labels, **figures, points=points)
