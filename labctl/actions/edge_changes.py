"""What is different about a connection from when the lab was healthy: by more than chance, and enough to matter."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from labctl.lookups.topology import Edge

FACTOR = 1.5
"""A rate or a p95 has to differ so many times."""
CHANCE = 4.0
"""A count of calls scatters by its root: it has to differ by so many of them."""
LEAST_ERRORS = 0.01
LEAST_FAILED = 3.0
"""So many calls have to have failed: of few calls, one that failed is a large share."""
LEAST_CALLS = 20.0
"""A p95 of fewer calls is the slowest one of them."""
LEAST_S = 0.02


class Odd(StrEnum):
    """How a figure differs."""

    NOT = ""
    MORE = "more"
    LESS = "less"
    GONE = "gone"
    """It was measured while the lab was healthy, and is not any more."""


@dataclass(frozen=True)
class Figure:
    """A figure now and while the lab was healthy; None without data."""

    now: float | None
    healthy: float | None
    odd: Odd = Odd.NOT


@dataclass(frozen=True)
class Change:
    """The figures of one connection: calls per second, share of failed calls, p95 in seconds."""

    rate: Figure
    errors: Figure
    p95: Figure

    @property
    def odd(self) -> bool:
        """Whether any of them differs."""
        return any(each.odd for each in (self.rate, self.errors, self.p95))


def compare(edge: Edge, healthy: Sequence[Edge], window_s: float) -> Change:
    """Return a connection's figures over `window_s` seconds beside the healthy ones, which may be none."""
    ends = (edge.caller, edge.callee)
    before = next((each for each in healthy if (each.caller, each.callee) == ends), Edge(*ends, edge.via))
    return Change(
        Figure(edge.rate, before.rate, _rate(edge.rate, before.rate, window_s)),
        Figure(edge.error_ratio, before.error_ratio, _errors(edge, before.error_ratio, window_s)),
        Figure(edge.p95_s, before.p95_s, _p95(edge, before.p95_s, window_s)),
    )


def _rate(now: float | None, before: float | None, window_s: float) -> Odd:
    if before is None:
        return Odd.NOT
    if now is None:
        return Odd.GONE
    by_chance = CHANCE * math.sqrt(max(now, before) * window_s)
    if abs(now - before) * window_s <= by_chance:
        return Odd.NOT
    if now >= FACTOR * before:
        return Odd.MORE
    return Odd.LESS if now * FACTOR <= before else Odd.NOT


def _errors(edge: Edge, before: float | None, window_s: float) -> Odd:
    if edge.error_ratio is None or edge.rate is None or before is None:
        return Odd.NOT
    failed = edge.error_ratio * edge.rate * window_s
    least = max(LEAST_ERRORS, 2 * before)
    return Odd.MORE if failed >= LEAST_FAILED and edge.error_ratio >= least else Odd.NOT


def _p95(edge: Edge, before: float | None, window_s: float) -> Odd:
    if edge.p95_s is None or before is None or (edge.rate or 0.0) * window_s < LEAST_CALLS:
        return Odd.NOT
    least, most = sorted((edge.p95_s, before))
    if most < FACTOR * least or most - least < LEAST_S:
        return Odd.NOT
    return Odd.MORE if edge.p95_s > before else Odd.LESS
