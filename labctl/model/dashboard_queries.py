"""What a panel asks: its query with the variables filled in, the moments it is asked for, what its curves are called.

Pure. A moment is a whole multiple of the step, so that what is asked again falls on the same moments.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SCRAPE_S = 5.0
"""The interval that Grafana's data source is told of: rates are drawn over four of them."""
STEPS_S = (1, 2, 3, 5, 10, 15, 30, 60, 120, 300)
MOST_POINTS = 320
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::(\w+))?\})|\[\[(\w+)\]\]")
_LABEL = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_SPECIAL = re.compile(r"[\\^$.|?*+(){}\[\]]")


@dataclass(frozen=True)
class Moments:
    """Moments, `step` seconds apart, the first and the last in epoch seconds."""

    first: int
    last: int
    step: int

    @property
    def count(self) -> int:
        """How many there are."""
        return (self.last - self.first) // self.step + 1

    def place(self, at: float) -> int | None:
        """Return the number of a moment, from 0; None for one that is none of these."""
        number = round((at - self.first) / self.step)
        return number if 0 <= number < self.count else None

    def since(self, at: float) -> Moments:
        """Return those from `at` on; the last one if there are none."""
        first = math.ceil(at / self.step) * self.step
        return Moments(min(max(self.first, first), self.last), self.last, self.step)


def moments(end: float, span_s: float) -> Moments:
    """Return the moments of the `span_s` seconds up to `end`, not too many to be drawn."""
    step = next((each for each in STEPS_S if span_s / each <= MOST_POINTS), STEPS_S[-1])
    last = math.floor(end / step) * step
    return Moments(last - math.floor(span_s / step) * step, last, step)


def filled(query: str, values: Mapping[str, str], at: Moments) -> str:
    """Return a query with its variables filled in, each by a pattern, as `choice` makes one.

    What is no variable, such as $1 of a replacement, stays.
    """
    span, shortest = at.last - at.first, max(at.step, SCRAPE_S)
    known = {
        "__interval": f"{shortest:g}s",
        "__interval_ms": f"{shortest * 1000:g}",
        "__rate_interval": f"{max(at.step + SCRAPE_S, 4 * SCRAPE_S):g}s",
        "__range": f"{span}s",
        "__range_s": str(span),
        "__range_ms": str(span * 1000),
        "__auto": f"{shortest:g}s",
    }

    def fill(found: re.Match[str]) -> str:
        name = found[1] or found[2] or found[4]
        return _in_text(values[name]) if name in values else known.get(name, found[0])

    return _VARIABLE.sub(fill, query)


def choice(values: Sequence[str]) -> str:
    """Return a regular expression for one of these values."""
    escaped = [_SPECIAL.sub(lambda found: f"\\{found[0]}", each) for each in values]
    return escaped[0] if len(escaped) == 1 else f"({'|'.join(escaped)})"


def _in_text(pattern: str) -> str:
    return pattern.replace("\\", "\\\\").replace('"', '\\"')


def named(legend: str, labels: Mapping[str, str]) -> str:
    """Return what a curve is called: as the legend says, or by its labels."""
    if legend:
        return _LABEL.sub(lambda found: labels.get(found[1], ""), legend).strip()
    own = ", ".join(f"{key}={value}" for key, value in sorted(labels.items()) if key != "__name__")
    name = labels.get("__name__", "")
    return f"{name}{{{own}}}" if name and own else name or own
