"""When a probe began to hold, and whether the causal chain appeared in its order.

A probe over a window of w seconds dates a change to within some seconds, no better: how fast it passes its tolerance
depends on how far it moves. So two links count as out of order only when the later one leads by more than RESOLUTION_S.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from labctl.model.measurement import Measurement

HOLD_POINTS = 3
"""Consecutive measurements (at one a second) in which a probe has to hold before it counts: one alone may be noise."""
RESOLUTION_S = 5.0


def onset(measurement: Measurement, after: float) -> float | None:
    """Return the first time, in epoch seconds from `after` on, at which the probe holds and goes on holding."""
    return _first_run(measurement.verdicts(measurement.broken), after)


def together(measurements: Iterable[Measurement], after: float) -> float | None:
    """Return the first time from `after` on at which all of them hold at once, and go on holding."""
    verdicts = [each.verdicts(each.broken) for each in measurements]
    if not verdicts:
        return None
    shared = set.intersection(*(set(each) for each in verdicts))
    return _first_run({at: all(each[at] for each in verdicts) for at in shared}, after)


def out_of_order(onsets: Sequence[tuple[str, float]], resolution: float = RESOLUTION_S) -> list[str]:
    """Return one sentence per link that appeared before an earlier one, by more than `resolution` seconds."""
    wrong: list[str] = []
    latest: tuple[str, float] | None = None
    for name, at in onsets:
        if latest and at < latest[1] - resolution:
            wrong.append(f"'{name}' appeared {latest[1] - at:.0f} s before '{latest[0]}', which should cause it")
        if latest is None or at > latest[1]:
            latest = (name, at)
    return wrong


def in_order(onsets: Sequence[float | None], resolution: float = RESOLUTION_S) -> list[float | None]:
    """Return the onsets of a chain's links, each no later than those of its effects, where they can't be told apart.

    A measured onset is late by up to `resolution` seconds, and a cause has begun by the time at which its effect shows.
    An effect that leads by more is no matter of measuring, and stays as it is.
    """
    ordered = list(onsets)
    effect: float | None = None
    for number in reversed(range(len(ordered))):
        at = ordered[number]
        if at is not None and effect is not None and effect < at <= effect + resolution:
            ordered[number] = at = effect
        effect = effect if at is None else at
    return ordered


def lasted(measurement: Measurement, began: float) -> float | None:
    """Return for how many seconds the probe held from `began` on; None when it still held at the end."""
    after = [(at, holds) for at, holds in sorted(measurement.verdicts(measurement.broken).items()) if at >= began]
    return next((at - began for at, holds in after if not holds), None)


def _first_run(verdicts: dict[float, bool], after: float) -> float | None:
    times = sorted(at for at in verdicts if at >= after)
    for first in range(len(times) - HOLD_POINTS + 1):
        if all(verdicts[at] for at in times[first : first + HOLD_POINTS]):
            return times[first]
    return None
