"""Whether the signals that decide are enough: two independent ones, and one against every near miss.

A signal **decides** when it holds under the fault and does not hold in the healthy lab. Where it can't be looked up, it
does not decide: fog that takes a signal away takes it away from learners, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from labctl.model.fault import Fault, RootCause
from labctl.model.signal import Signal, Word, independent, speaks_against


@dataclass(frozen=True)
class Looked:
    """What one signal showed in the healthy lab and in the broken one."""

    signal: str
    kind: str
    place: str
    decides: bool
    healthy: float | None = None
    """The probe's median, or how many lines, traces or entries there were; None: nothing could be measured."""
    broken: float | None = None
    unit: str = ""
    tells: tuple[str, ...] = field(default=())


def looked(signal: Signal, decides: bool, healthy: float | None, broken: float | None, unit: str) -> Looked:
    """Return what a signal showed."""
    told = tuple(sorted(map(str, signal.tells)))
    return Looked(signal.name, str(signal.kind), str(signal.place), decides, healthy, broken, unit, told)


def gaps(fault: Fault, deciding: Sequence[Signal]) -> list[str]:
    """Return why these signals are not enough, one sentence each; empty when they are."""
    found = []
    if not any(independent(*pair) for pair in combinations(deciding, 2)):
        found.append(f"no two independent signals decide: {_names(deciding)}")
    for near in fault.near_misses:
        if not any(speaks_against(each, words(near.root_cause)) for each in deciding):
            found.append(f"no signal that decides speaks against {' / '.join(words(near.root_cause))}")
    return found


def words(cause: RootCause) -> tuple[Word, Word, Word]:
    """Return the three words of a root cause."""
    return (cause.component, cause.trigger, cause.mechanism)


def _names(signals: Iterable[Signal]) -> str:
    return ", ".join(each.name for each in signals) or "none does"
