"""Stretches during which an incident's clock stood still, and what they leave of a span of time. Pure.

All moments are epoch seconds. The pauses of one incident are in order and apart; only the last may still last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Pause:
    """One stretch; `ended` is None while it lasts."""

    began: float
    ended: float | None = None


def lasting(pauses: Sequence[Pause]) -> Pause | None:
    """Return the pause that still lasts; None while the clock runs."""
    return pauses[-1] if pauses and pauses[-1].ended is None else None


def begun(pauses: Sequence[Pause], at: float) -> tuple[Pause, ...]:
    """Return the pauses with one more, which lasts; never before the end of the one before it."""
    last = pauses[-1].ended if pauses else None
    return (*pauses, Pause(at if last is None else max(at, last)))


def ended(pauses: Sequence[Pause], at: float) -> tuple[Pause, ...]:
    """Return the pauses as they are once nothing lasts beyond a moment: those that began later are none."""
    before = [each for each in pauses if each.began < at]
    return tuple(replace(each, ended=at) if each.ended is None or each.ended > at else each for each in before)


def resumed(pauses: Sequence[Pause], at: float) -> tuple[Pause, ...]:
    """Return the pauses with the last one ended, never before it began."""
    last = pauses[-1]
    return (*pauses[:-1], replace(last, ended=max(at, last.began)))


def stood_s(pauses: Sequence[Pause], since: float, until: float) -> float:
    """Return for how many seconds the clock stood still between two moments."""
    ends = (until if each.ended is None else min(until, each.ended) for each in pauses)
    return sum(max(0.0, end - max(since, each.began)) for each, end in zip(pauses, ends, strict=True))


def covers(pauses: Sequence[Pause], at: float) -> bool:
    """Whether the clock stood still at a moment: a pause has neither its first moment nor its last."""
    return any(each.began < at and (each.ended is None or at < each.ended) for each in pauses)


def ran_s(pauses: Sequence[Pause], since: float, until: float) -> float:
    """Return for how many seconds the clock ran between two moments; never negative."""
    return max(0.0, until - since - stood_s(pauses, since, until))


def reached(pauses: Sequence[Pause], since: float, seconds: float) -> float | None:
    """Return the first moment at which the clock has run for so many seconds; None where a pause lasts before that."""
    at = since + seconds
    for each in pauses:
        if each.began >= at:
            break
        if each.ended is None:
            return None
        at += max(0.0, each.ended - max(since, each.began))
    return at
