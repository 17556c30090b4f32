"""Spans of time as bars: places and widths in thousandths of the whole, which SVG stretches to any width."""

from __future__ import annotations

from dataclasses import dataclass

WHOLE = 1000.0
LEAST = 2.0
"""The narrowest bar that can be seen."""


@dataclass(frozen=True)
class Bar:
    """A bar: where it begins, and how wide it is."""

    x: float
    width: float


@dataclass(frozen=True)
class Scale:
    """The whole time, in seconds of any clock."""

    start: float
    end: float

    def x(self, at: float) -> float:
        """Return where a moment is."""
        part = (at - self.start) / (self.end - self.start) if self.end > self.start else 0.0
        return round(min(max(part, 0.0), 1.0) * WHOLE, 2)

    def bar(self, start: float | None, end: float | None) -> Bar:
        """Return the bar of a span; None for a start or an end outside of the whole."""
        left = self.x(self.start if start is None else start)
        right = self.x(self.end if end is None else end)
        width = max(right - left, LEAST)
        return Bar(min(left, WHOLE - width), round(width, 2))
