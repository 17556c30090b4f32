"""A probe: one measurement with a tolerance, over what a learner can see."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Bound(StrEnum):
    """What a tolerance compares the measured value with."""

    ABSOLUTE = "absolute"
    BASELINE_RATIO = "baseline-ratio"


@dataclass(frozen=True)
class Tolerance:
    """The closed interval in which a measurement holds: of the value, or of its ratio to the healthy baseline."""

    low: float | None = None
    high: float | None = None
    bound: Bound = Bound.ABSOLUTE

    def holds(self, value: float, baseline: float | None = None) -> bool | None:
        """Whether `value` is inside; None (unknown) when a baseline is needed and there is none."""
        measured = value
        if self.bound is Bound.BASELINE_RATIO:
            if baseline is None or baseline <= 0:
                return None
            measured = value / baseline
        return (self.low is None or measured >= self.low) and (self.high is None or measured <= self.high)

    def __str__(self) -> str:
        unit = " x baseline" if self.bound is Bound.BASELINE_RATIO else ""
        if self.low is not None and self.high is not None:
            return f"{self.low:g} to {self.high:g}{unit}"
        return f">= {self.low:g}{unit}" if self.low is not None else f"<= {self.high:g}{unit}"


def at_least(value: float) -> Tolerance:
    """Hold when the value is `value` or more."""
    return Tolerance(low=value)


def at_most(value: float) -> Tolerance:
    """Hold when the value is `value` or less."""
    return Tolerance(high=value)


def between(low: float, high: float) -> Tolerance:
    """Hold when the value lies from `low` to `high`."""
    return Tolerance(low, high)


def grows(factor: float) -> Tolerance:
    """Hold when the value is `factor` times its healthy baseline, or more."""
    return Tolerance(low=factor, bound=Bound.BASELINE_RATIO)


def shrinks(factor: float) -> Tolerance:
    """Hold when the value is `factor` times its healthy baseline, or less."""
    return Tolerance(high=factor, bound=Bound.BASELINE_RATIO)


def stays(low: float, high: float) -> Tolerance:
    """Hold when the value is from `low` to `high` times its healthy baseline."""
    return Tolerance(low, high, Bound.BASELINE_RATIO)


@dataclass(frozen=True)
class Probe:
    """One measurement: a PromQL query that yields a single number, its unit, and where that number has to lie."""

    name: str
    query: str
    tolerance: Tolerance
    unit: str = ""
    """"s", "ratio", "1/s", "bytes", "count" or ""."""
