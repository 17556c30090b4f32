"""What a view of the logs shows beside the lines: how many there were, what came before and after, what is new."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from labctl.actions.logs import Line, Wanted, line_of
from labctl.actions.looking import look
from labctl.base.times import iso
from labctl.lab.lab import Lab
from labctl.lookups import log_patterns
from labctl.lookups.log_patterns import Pattern
from labctl.lookups.logql import LineFilter
from labctl.lookups.logs import Count

BUCKETS = 60
AROUND_S = 30.0
"""How far before and after a line its surroundings are looked for."""
OVERLAP_S = 5.0
"""Lines come out of order by so much: what is new is asked for from so long before the newest that is known."""
NEW_LINES = 500


@dataclass(frozen=True)
class Histogram:
    """How many lines there were: `levels` from the start on, `step_s` apart, each a list by bucket."""

    start: datetime
    step_s: float
    levels: dict[str, tuple[int, ...]]


def histogram(name: str, which: Wanted, start: datetime, end: datetime) -> Histogram:
    """Return how many lines matched over time; part of a search, so it is no look-up of its own.

    Raises InputError, LookupFailedError.
    """
    seconds = max(1.0, (end - start).total_seconds())
    step = float(math.ceil(seconds / BUCKETS))
    count = math.ceil(seconds / step)
    query = _filter(which).logql()
    found = Lab.open(name).logs.counts(query, start.timestamp(), start.timestamp() + count * step, step)
    return Histogram(start, step, _by_level(found, start.timestamp(), step, count))


def around(name: str, service: str, at: datetime, lines: int = 10) -> tuple[Line, ...]:
    """Return a service's lines just before and after a moment, the oldest first. Raises LookupFailedError."""
    query = LineFilter(service or None).logql()
    lab = look(name, "logs", query=query, since=f"around {iso(at.timestamp())}")
    middle = at.timestamp()
    before = lab.logs.query(query, middle - AROUND_S, middle + 1e-6, lines + 1)
    after = lab.logs.query(query, middle + 1e-6, min(time.time(), middle + AROUND_S), NEW_LINES)[:lines]
    return tuple(map(line_of, (*before, *after)))


def newer(name: str, which: Wanted, known: datetime) -> tuple[Line, ...]:
    """Return the lines that came since shortly before `known`, the oldest first; some of them may be known.

    It follows a search, which is in the journal already. Raises InputError, LookupFailedError.
    """
    found = Lab.open(name).logs.query(_filter(which).logql(), known.timestamp() - OVERLAP_S, time.time(), NEW_LINES)
    return tuple(map(line_of, found))


def patterns(lines: Iterable[Line]) -> list[Pattern]:
    """Return what is said in these lines, alike ones together, the most frequent first."""
    return log_patterns.patterns((each.service, each.level, each.message) for each in lines)


def pattern_id(line: Line) -> str:
    """Return the id of the pattern that a line belongs to."""
    return log_patterns.id_of(line.service, line.level, line.message)


def _filter(which: Wanted) -> LineFilter:
    return LineFilter(which.service or None, which.grep or None, which.trace or None, which.level or None)


def _by_level(found: Iterable[Count], start: float, step: float, count: int) -> dict[str, tuple[int, ...]]:
    levels: dict[str, list[int]] = {}
    for each in found:
        bucket = round((each.start - start) / step)
        if 0 <= bucket < count:
            levels.setdefault(each.level, [0] * count)[bucket] += each.lines
    return {level: tuple(counts) for level, counts in levels.items()}
