"""What a learner may know of a fault beforehand, and no more."""

from __future__ import annotations

from dataclasses import dataclass

from labctl.model.fault import Fault


@dataclass(frozen=True)
class Listed:
    """What may be known of a fault beforehand."""

    id: str
    category: str
    difficulty: int
    tracks: tuple[str, ...]
    min_rps: float
    host: str
    """Which hosts show it: any, or those up to so many times as fast as the reference."""
    unfit: str = ""
    """Why the lab here would not show it; empty where it does, or where there is no lab."""


def listed(fault: Fault, unfit: str = "") -> Listed:
    """Return what may be told of a fault; `unfit` says why the lab here would not show it."""
    tracks = tuple(sorted({str(fault.category), *fault.tracks}))
    return Listed(fault.id, str(fault.category), fault.difficulty, tracks, fault.load.min_rps, str(fault.host), unfit)
