"""The histogram of log lines: stacked bars over time, by level."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from labctl.actions.log_views import Histogram

HEIGHT = 100.0
ORDER = ("fatal", "error", "warn", "info", "debug", "trace")
"""From the bottom up: what is worst is seen best."""


@dataclass(frozen=True)
class Piece:
    """A part of a bar: the lines of one level."""

    level: str
    lines: int
    y: float
    height: float


@dataclass(frozen=True)
class Column:
    """A bar: its bucket of time, and its pieces."""

    start: datetime
    end: datetime
    x: float
    width: float
    lines: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Bars:
    """The whole histogram, 1000 wide and HEIGHT high."""

    columns: tuple[Column, ...]
    most: int
    step_s: float
    start: datetime
    end: datetime
    totals: dict[str, int]


def bars(histogram: Histogram) -> Bars:
    """Return the bars of a histogram."""
    levels = sorted(histogram.levels, key=lambda level: ORDER.index(level) if level in ORDER else len(ORDER))
    count = max((len(each) for each in histogram.levels.values()), default=0)
    sums = [sum(histogram.levels[level][at] for level in levels) for at in range(count)]
    most = max(sums, default=0)
    step = timedelta(seconds=histogram.step_s)
    width = 1000.0 / count if count else 0.0
    columns = tuple(
        Column(
            start=histogram.start + at * step,
            end=histogram.start + (at + 1) * step,
            x=round(at * width, 2),
            width=round(width * 0.86, 2),
            lines=sums[at],
            pieces=_pieces([(level, histogram.levels[level][at]) for level in levels], most),
        )
        for at in range(count)
    )
    totals = {level or "none": sum(histogram.levels[level]) for level in levels}
    return Bars(columns, most, histogram.step_s, histogram.start, histogram.start + count * step, totals)


def _pieces(counts: list[tuple[str, int]], most: int) -> tuple[Piece, ...]:
    found: list[Piece] = []
    top = HEIGHT
    for level, lines in counts:
        if lines:
            height = round(lines / most * HEIGHT, 2)
            top = round(top - height, 2)
            found.append(Piece(level if level in ORDER else "other", lines, top, height))
    return tuple(found)
