"""What came of a mitigation: the steps that were taken, and how clients fared before and after each of them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from labctl.actions.answer import moment
from labctl.actions.looking import look
from labctl.base.errors import NotFoundError
from labctl.lab.lab import Lab
from labctl.lookups.prometheus import PrometheusClient
from labctl.model.samples import Series
from labctl.play import mitigations

BEFORE_S = 180.0
"""So much of the time before a step is drawn."""
AFTER_S = 600.0
"""And at most so much of the time after it."""
FIGURES_S = 60.0
"""Figures are of the last minute before a step, and of the last minute that is its own."""
EARLY_S = 15.0
"""Sooner after a step, nothing can be said."""
WINDOW_S = 20
"""As long as the windows of the alerts."""
POINTS = 180
_CLIENTS = "client_request_duration_seconds"


@dataclass(frozen=True)
class Done:
    """A step that was taken. `undoable`: whether something of it is still in force that can be taken back."""

    number: int
    what: str
    began: datetime
    done: datetime
    undone: datetime | None
    undoable: bool


@dataclass(frozen=True)
class Quantity:
    """Something that clients feel, and its query for a window in seconds; by endpoint."""

    name: str
    unit: str
    query: Callable[[int], str]


@dataclass(frozen=True)
class Curve:
    """A quantity of one endpoint over time, None where there is no value, and before and after the step."""

    endpoint: str
    values: tuple[float | None, ...]
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Figure:
    """A quantity: its curves by endpoint, at the times of the effect."""

    quantity: Quantity
    curves: tuple[Curve, ...]


@dataclass(frozen=True)
class _Asked:
    """What is asked for every quantity: the times to draw, and the spans that figures are of."""

    times: tuple[float, ...]
    spacing: float
    step: Done
    until: float | None
    """Until when what is seen is the step's own; None when that is too short."""


@dataclass(frozen=True)
class Effect:
    """How clients fared around a step; times in epoch seconds. `marks`: the steps in this time, and their undoing."""

    step: Done
    times: tuple[float, ...]
    figures: tuple[Figure, ...]
    marks: tuple[tuple[float, str], ...]
    early: bool
    """Whether the step's own time is too short for figures after it."""


def _counted(matchers: str, window: int) -> str:
    return f'sum by (endpoint) (rate({_CLIENTS}_count{{job="clients"{matchers}}}[{window}s]))'


def _errors(window: int) -> str:
    failed, every = _counted(',outcome="error"', window), _counted("", window)
    return f"({failed} or 0 * {every}) / {every}"


def _p95(window: int) -> str:
    buckets = f'rate({_CLIENTS}_bucket{{job="clients"}}[{window}s])'
    return f"histogram_quantile(0.95, sum by (le, endpoint) ({buckets}))"


QUANTITIES = (
    Quantity("errors", "share", _errors),
    Quantity("p95", "seconds", _p95),
    Quantity("requests", "per second", lambda window: _counted("", window)),
)


def done(name: str) -> tuple[Done, ...]:
    """Return the steps that were taken in a lab, the last one first."""
    lab = Lab.open(name)
    in_force = {each.number for each in lab.store.undo_log.entries()}
    return tuple(_done(each, in_force) for each in reversed(mitigations.taken(lab.store.documents)))


def effect(name: str, number: int) -> Effect:
    """Return how clients fared around a step. Raises NotFoundError, LookupFailedError."""
    steps = done(name)
    step = next((each for each in steps if each.number == number), None)
    if step is None:
        raise NotFoundError("mitigation", str(number), [str(each.number) for each in steps])
    lab = look(name, "effect", step=f"{step.number}: {step.what}")
    began, now = step.began.timestamp(), time.time()
    start, end = began - BEFORE_S, min(now, began + AFTER_S)
    spacing = max(1.0, math.ceil((end - start) / POINTS))
    times = tuple(start + spacing * at for at in range(int((end - start) / spacing) + 1))
    until = _own_end(step, steps, now)
    early = until - step.done.timestamp() < EARLY_S
    asked = _Asked(times, spacing, step, None if early else until)
    figures = tuple(_figure(lab.prometheus, each, asked) for each in QUANTITIES)
    return Effect(step, times, figures, tuple(_marks(steps, start, end)), early)


def _done(each: mitigations.Taken, in_force: set[int]) -> Done:
    undone = None if each.undone_at is None else moment(each.undone_at)
    undoable = undone is None and bool(in_force & set(each.entries))
    return Done(each.number, each.what, moment(each.began_at), moment(each.done_at), undone, undoable)


def _own_end(step: Done, steps: Sequence[Done], now: float) -> float:
    """Return until when what is seen is this step's: until it is undone, or another one is taken."""
    later = [each.began.timestamp() for each in steps if each.began > step.began]
    return min([now, *later, *([step.undone.timestamp()] if step.undone else [])])


def _figure(prometheus: PrometheusClient, quantity: Quantity, asked: _Asked) -> Figure:
    times, step, until = asked.times, asked.step, asked.until
    curves = prometheus.query_range(quantity.query(WINDOW_S), times[0], times[-1], asked.spacing)
    found = {each.labels.get("endpoint", ""): _values(each, asked) for each in curves}
    before = _at(prometheus, quantity, step.began.timestamp(), FIGURES_S)
    after = _at(prometheus, quantity, until, until - step.done.timestamp()) if until else {}
    rows = (Curve(name, values, before.get(name), after.get(name)) for name, values in sorted(found.items()))
    return Figure(quantity, tuple(rows))


def _at(prometheus: PrometheusClient, quantity: Quantity, at: float, seconds: float) -> Mapping[str, float]:
    window = round(min(FIGURES_S, max(EARLY_S, seconds)))
    found = prometheus.query(quantity.query(window), at)
    return {each.labels.get("endpoint", ""): each.value for each in found if math.isfinite(each.value)}


def _values(series: Series, asked: _Asked) -> tuple[float | None, ...]:
    start = asked.times[0]
    known = {round((at - start) / asked.spacing): value for at, value in series.points if math.isfinite(value)}
    return tuple(known.get(at) for at in range(len(asked.times)))


def _marks(steps: Sequence[Done], start: float, end: float) -> list[tuple[float, str]]:
    made = [(each.began.timestamp(), f"{each.number}: {each.what}") for each in steps]
    undone = [(each.undone.timestamp(), f"undo {each.number}") for each in steps if each.undone]
    return sorted((at, text) for at, text in (*made, *undone) if start <= at <= end)
