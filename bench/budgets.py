"""The measured figures, each with its budget."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured figure: its samples in `unit`, and the budget that their `statistic` should not exceed."""

    name: str
    unit: str
    samples: tuple[float, ...]
    budget: float
    statistic: str = "median"
    """"median", "mean" or "p95"."""

    @property
    def value(self) -> float:
        """The statistic of the samples; NaN when nothing was measured."""
        if not self.samples:
            return math.nan
        by_name: dict[str, Callable[[Sequence[float]], float]] = {
            "median": statistics.median,
            "mean": statistics.fmean,
            "p95": p95,
        }
        return by_name[self.statistic](self.samples)

    @property
    def ratio(self) -> float:
        """The value divided by its budget: at most 1 when that is kept; infinite beyond a budget of none."""
        if not self.budget:
            return math.inf if self.value else 0.0
        return self.value / self.budget


def p95(samples: Sequence[float]) -> float:
    """Return the smallest sample that at least 95% of them do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(0.95 * len(ordered)) - 1)]


def footprint(memory_mb: float, cores: float) -> list[Figure]:
    """Return the figures of a lab that serves 20 requests/s."""
    return [
        Figure("memory at 20 requests/s", "MB", (memory_mb,), 700),
        Figure("CPU at 20 requests/s", "cores", (cores,), 0.5),
    ]


def health(p95_s: float, errors: float, misses: float) -> list[Figure]:
    """Return the figures of a healthy lab: its clients' p95 and errors, and risk's cache misses."""
    return [
        Figure("healthy checkout, p95", "ms", (p95_s * 1000,), 150),
        Figure("healthy checkouts that fail", "%", (errors * 100,), 0.3),
        Figure("risk's look-ups that the cache misses", "%", (misses * 100,), 10),
    ]


def start(seconds: Sequence[float]) -> list[Figure]:
    """Return the figures of `up`, from built images to the steady state."""
    return [Figure("up, from built images to the steady state", "s", tuple(seconds), 15)]


def verifications(page_s: Sequence[float], total_s: Sequence[float]) -> list[Figure]:
    """Return the figures of a series of verifications."""
    return [
        Figure("injection to page", "s", tuple(page_s), 15),
        Figure("injection to page, 95%", "s", tuple(page_s), 30, "p95"),
        Figure("one verification", "s", tuple(total_s), 60, "mean"),
    ]


def setup(seconds: float) -> list[Figure]:
    """Return the figure of setting up from nothing but Docker."""
    return [Figure("set-up, without Docker's installation", "s", (seconds,), 240)]


def side_by_side(alone_s: float, together_s: Sequence[float]) -> list[Figure]:
    """Return how much slower the slowest of several labs is than one alone."""
    name = f"{len(together_s)} labs at 5 requests/s: worst p95 over one alone"
    return [Figure(name, "x", (max(together_s) / alone_s,), 2)]
