"""Metric queries over log entries."""

from __future__ import annotations

import math
import sqlite3
from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate, pairwise

from services.telemetry.deadline import Deadline
from services.telemetry.loki import search
from services.telemetry.loki.entry import Entry, Labels
from services.telemetry.loki.search import Window, entries
from services.telemetry.loki.syntax import MetricQuery, Most, RangeAggregation, Sum, Vector, VectorAggregation

NANO = 1e9
MAX_SERIES = 500
MAX_UNGROUPED = 20 * MAX_SERIES
"""Series before they are grouped: a parser can make one of every line."""
MAX_POINTS = 250_000
OF_EVERY_STREAM = frozenset({"service_name", "level", "detected_level"})
"""Labels that no stream lacks: structured metadata of these names never counts."""
LabelKey = tuple[tuple[str, str], ...]
Values = dict[int, float]
"""By the index of the evaluation's time; a time without a value is not there."""
Matrix = dict[LabelKey, Values]

COMBINE: dict[str, Callable[[Sequence[float]], float]] = {
    "sum": math.fsum,
    "avg": lambda values: math.fsum(values) / len(values),
    "min": min,
    "max": max,
    "count": len,
}


class LimitError(Exception):
    """A query whose answer would be too large; the message says which limit."""


@dataclass
class Samples:
    """One series' entries in order of time: when, and how much each counts."""

    times: array[int] = field(default_factory=partial(array, "q"))
    amounts: array[float] = field(default_factory=lambda: array("d"))


class Evaluation:
    """One metric query at the given times (ns)."""

    def __init__(self, connection: sqlite3.Connection, times: Sequence[int], deadline: Deadline) -> None:
        self._connection = connection
        self._times = times
        self._deadline = deadline

    def run(self, query: MetricQuery) -> Matrix:
        """Return the series; a constant is one without labels."""
        found = self._value(query, frozenset())
        if len(found) > MAX_SERIES:
            raise LimitError(f"maximum of series ({MAX_SERIES}) reached for a single query")
        return found

    def _value(self, query: MetricQuery, wanted: frozenset[str]) -> Matrix:
        """`wanted` are the labels that an enclosing `by` asks for: structured metadata counts only when asked for.

        Otherwise every trace id would be a series of its own.
        """
        match query:
            case Vector(value):
                return {(): dict.fromkeys(range(len(self._times)), value)}
            case RangeAggregation():
                return self._over_time(query, wanted)
            case VectorAggregation(function, inner, labels):
                return _aggregate(self._value(inner, wanted | frozenset(labels)), COMBINE[function], labels)
            case Sum(left, right):
                return _added(self._value(left, wanted), self._value(right, wanted))
            case Most(function, count, inner):
                return _most(self._value(inner, wanted), count, highest=function == "topk")

    def _over_time(self, query: RangeAggregation, wanted: frozenset[str]) -> Matrix:
        in_bytes = query.function.startswith("bytes")
        divisor = query.range_ns / NANO if query.function.endswith("rate") else 1
        if not in_bytes and query.labels is None and wanted <= OF_EVERY_STREAM and self._is_seamless(query.range_ns):
            counted = self._counts(query, divisor)
            if counted is not None:
                return counted
        # An entry counts at t when it lies within (t - range, t].
        window = Window(self._times[0] - query.range_ns + 1, self._times[-1] + 1)
        series: dict[LabelKey, Samples] = {}
        for entry in entries(self._connection, query.query, window, self._deadline, backward=False):
            if query.unwraps and entry.value is None:
                continue
            samples = series.setdefault(_key(entry, wanted, query.labels), Samples())
            _check(len(series), 0)
            samples.times.append(entry.time_ns)
            samples.amounts.append(_amount(entry, in_bytes))
        found: Matrix = {}
        points = 0
        for key, samples in series.items():
            found[key] = self._valued(samples, query) if query.unwraps else self._counted(samples, query, divisor)
            points += len(found[key])
            _check(len(series), points)
        return found

    def _is_seamless(self, range_ns: int) -> bool:
        """Whether the ranges of the evaluation's times lie side by side: each entry counts once then."""
        return all(later - time == range_ns for time, later in pairwise(self._times))

    def _counts(self, query: RangeAggregation, divisor: float) -> Matrix | None:
        """Let SQLite count, which builds no entry; None where it can't tell which entries pass."""
        window = Window(self._times[0] - query.range_ns + 1, self._times[-1] + 1)
        counts = search.counts(self._connection, query.query, window, query.range_ns)
        if counts is None:
            return None
        found: Matrix = {}
        for points, (stream, index, count) in enumerate(self._deadline.watch(counts), start=1):
            values = found.setdefault(tuple(sorted(stream.labels.items())), {})
            # Streams of several versions have the same labels.
            values[index] = values.get(index, 0) + count / divisor
            _check(len(found), points)
        return found

    def _counted(self, samples: Samples, query: RangeAggregation, divisor: float) -> Values:
        totals = array("d", accumulate(samples.amounts, initial=0))
        values: Values = {}
        for index, time in enumerate(self._times):
            last = bisect_right(samples.times, time)
            first = bisect_right(samples.times, time - query.range_ns)
            if last > first:
                values[index] = (totals[last] - totals[first]) / divisor
        return values

    def _valued(self, samples: Samples, query: RangeAggregation) -> Values:
        combine = COMBINE[query.function.removesuffix("_over_time")]
        values: Values = {}
        for index, time in enumerate(self._times):
            self._deadline.check()
            last = bisect_right(samples.times, time)
            first = bisect_right(samples.times, time - query.range_ns)
            if last > first:
                values[index] = combine(samples.amounts[first:last])
        return values


def _check(series: int, points: int) -> None:
    """Raise LimitError where a query holds too much on its way."""
    if series > MAX_UNGROUPED:
        raise LimitError(f"more than {MAX_UNGROUPED:,} series before grouping; keep fewer labels")
    if points > MAX_POINTS:
        raise LimitError(f"more than {MAX_POINTS:,} points; ask for fewer series or a longer step")


def _amount(entry: Entry, in_bytes: bool) -> float:
    if entry.value is not None:
        return entry.value
    return len(entry.line.encode()) if in_bytes else 1


def _key(entry: Entry, wanted: frozenset[str], by: Sequence[str] | None) -> LabelKey:
    if by is not None:
        return tuple(sorted((name, value) for name in by if (value := entry.get(name))))
    asked = wanted - entry.stream.keys()
    labels: Labels = {name: value for name, value in entry.metadata.items() if name in asked} if asked else {}
    return tuple(sorted((labels | entry.stream | entry.parsed).items()))


def _aggregate(series: Matrix, combine: Callable[[Sequence[float]], float], labels: Sequence[str]) -> Matrix:
    groups: dict[LabelKey, dict[int, list[float]]] = {}
    for key, values in series.items():
        group = groups.setdefault(tuple(pair for pair in key if pair[0] in labels), {})
        for index, value in values.items():
            group.setdefault(index, []).append(value)
    return {key: {index: combine(values) for index, values in group.items()} for key, group in groups.items()}


def _most(series: Matrix, count: int, *, highest: bool) -> Matrix:
    """Keep the series with the highest or lowest values, at every moment by itself."""
    at: dict[int, list[tuple[float, LabelKey]]] = {}
    for key, values in series.items():
        for index, value in values.items():
            at.setdefault(index, []).append((value, key))
    found: dict[LabelKey, dict[int, float]] = {}
    for index, ranked in at.items():
        for value, key in sorted(ranked, key=lambda pair: -pair[0] if highest else pair[0])[:count]:
            found.setdefault(key, {})[index] = value
    return {**found}


def _added(left: Matrix, right: Matrix) -> Matrix:
    """Add the series with the same labels, where both have a value."""
    return {
        key: {index: left[key][index] + right[key][index] for index in sorted(left[key].keys() & right[key].keys())}
        for key in left
        if key in right
    }
