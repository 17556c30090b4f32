"""What may be known of the faults beforehand: counts, and with spoilers their ids and titles; never a root cause."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from labctl.model.fault import DIFFICULTIES, Fault
from labctl.model.vocabulary import Category


@dataclass(frozen=True)
class Counted:
    """How many faults a category or a track has."""

    track: str
    """What `labctl break --track` takes."""
    faults: int
    by_difficulty: dict[str, int]
    """How many of each difficulty, from "1" to "5"."""


@dataclass(frozen=True)
class Listed:
    """What pipelines and authors know of a fault: whoever reads it has it spoiled."""

    id: str
    title: str
    category: str
    difficulty: int
    tracks: tuple[str, ...]
    min_rps: float
    host: str
    """Which hosts show it: any, or those up to so many times as fast as the reference."""
    unfit: str = ""
    """Why the lab here would not show it; empty where it does, or where there is no lab."""


def listed(fault: Fault, unfit: str = "") -> Listed:
    """Return what spoils a fault; `unfit` says why the lab here would not show it."""
    return Listed(
        fault.id,
        fault.title,
        str(fault.category),
        fault.difficulty,
        _tracks(fault),
        fault.load.min_rps,
        str(fault.host),
        unfit,
    )


def categories(faults: Sequence[Fault]) -> tuple[Counted, ...]:
    """Return the counts of each category that has faults."""
    return tuple(_counts(faults, map(str, Category)))


def tracks(faults: Sequence[Fault]) -> tuple[Counted, ...]:
    """Return the counts of each track that is no category."""
    named = {track for fault in faults for track in fault.tracks}
    return tuple(_counts(faults, sorted(named - set(map(str, Category)))))


def counted(name: str, faults: Sequence[Fault]) -> Counted:
    """Return the counts of these faults, which are those of a track."""
    levels = {str(level): sum(each.difficulty == level for each in faults) for level in DIFFICULTIES}
    return Counted(name, len(faults), levels)


def _counts(faults: Sequence[Fault], names: Iterable[str]) -> Iterable[Counted]:
    found = (counted(name, [each for each in faults if name in _tracks(each)]) for name in names)
    return (each for each in found if each.faults)


def _tracks(fault: Fault) -> tuple[str, ...]:
    return tuple(sorted({str(fault.category), *fault.tracks}))
