"""Which part of a plan's time, or of its estimated cost, is each step's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Weight:
    """What a step weighs together with those below it, and how it serves the step above."""

    depth: int
    relationship: str
    cost: float
    rows: float
    keeps_rows: bool
    """Whether it remembers its rows, so that to be asked again costs next to nothing."""
    ms: float | None
    makes: str = ""
    """The rows of WITH that it makes, by their name."""
    reads: str = ""
    """The rows of WITH that it reads."""


def shares(weights: Sequence[Weight], *, measured: bool) -> list[tuple[float, float]]:
    """Return for each step what is its own, and its share of the whole; the steps come from the top down."""
    wholes = [each.ms or 0.0 for each in weights] if measured else _costs(weights)
    own = list(wholes)
    for at, above in enumerate(parents(weights)):
        within = _reader(weights, wholes, at) if measured and weights[at].makes else above
        if within is not None:
            own[within] -= wholes[at]
    # The workers of a parallel step together may take longer than the step that waits for them.
    own = [max(each, 0.0) for each in own]
    total = sum(own)
    return [(each, each / total if total > 0 else 0.0) for each in own]


def _reader(weights: Sequence[Weight], wholes: Sequence[float], at: int) -> int | None:
    """Return who waited for the rows of WITH that a step makes: of those that read them, the one that took longest."""
    readers = [other for other, each in enumerate(weights) if each.reads == weights[at].makes]
    return max(readers, key=lambda other: wholes[other], default=None)


def parents(weights: Sequence[Weight]) -> list[int | None]:
    """Return for each step the place of the one that it serves; None for the first."""
    found: list[int | None] = []
    path: list[int] = []
    for at, each in enumerate(weights):
        del path[each.depth :]
        found.append(path[-1] if path else None)
        path.append(at)
    return found


def _costs(weights: Sequence[Weight]) -> list[float]:
    """Return what each step is expected to cost in all, where a step's own figure tells of one time, run to its end.

    The inner side of a nested loop runs once for each row of the outer one; and what a LIMIT stops early costs no more
    than the step above it.
    """
    served: dict[int, list[int]] = {}
    for at, above in enumerate(parents(weights)):
        if above is not None:
            served.setdefault(above, []).append(at)
    found = [each.cost for each in weights]
    for above, below in served.items():
        most = found[above]
        times = most / weights[above].cost if weights[above].cost else 1.0
        costs = {at: cost * times for at, cost in zip(below, _of_the_served(weights, above, below), strict=True)}
        total = sum(costs.values())
        for at, cost in costs.items():
            found[at] = cost * most / total if total > most else cost
    return found


def _of_the_served(weights: Sequence[Weight], above: int, below: Sequence[int]) -> list[float]:
    outer = next((at for at in below if weights[at].relationship == "Outer"), None)
    found = []
    for at in below:
        one = weights[at]
        left = weights[above].cost - (weights[outer].cost if outer is not None else 0.0)
        again = one.relationship == "Inner" and outer is not None and not one.keeps_rows and one.cost < left
        times = max(weights[outer].rows, 1.0) if again and outer is not None else 1.0
        found.append(min(one.cost * times, left) if again else one.cost)
    return found
