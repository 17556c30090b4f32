"""A curve in one line of text."""

from __future__ import annotations

import statistics

from labctl.model.measurement import Curve

LEVELS = "▁▂▃▄▅▆▇█"
GAP = " "


def sparkline(curve: Curve, width: int = 40) -> str:
    """Return at most `width` characters: the curve's means over equal spans of time, spaces where it has no points."""
    if not curve:
        return ""
    start, end = curve[0][0], curve[-1][0]
    cells = min(width, int(end - start) + 1)
    means = [statistics.fmean(values) if values else None for values in _cells(curve, start, end, cells)]
    known = [value for value in means if value is not None]
    low, span = min(known), max(known) - min(known)
    return "".join(GAP if value is None else _level((value - low) / span if span else 0.0) for value in means)


def _cells(curve: Curve, start: float, end: float, cells: int) -> list[list[float]]:
    found: list[list[float]] = [[] for _ in range(cells)]
    for at, value in curve:
        found[min(cells - 1, int((at - start) / max(end - start, 1e-9) * cells))].append(value)
    return found


def _level(share: float) -> str:
    return LEVELS[min(len(LEVELS) - 1, int(share * len(LEVELS)))]
