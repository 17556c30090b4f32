"""Time that no change of the wall clock moves: counted from the machine's start, suspension included."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
# Linux counts suspended time only in CLOCK_BOOTTIME; macOS, which lacks it, counts it in CLOCK_MONOTONIC.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


@dataclass(frozen=True)
class Anchor:
    """One moment by both clocks: the wall's epoch seconds, and the seconds since the start that `boot` names."""

    boot: str
    ticks: float
    wall: float

    def now(self) -> float:
        """Return the present in epoch seconds, as the wall clock would show it had nobody set it since the anchor.

        After another start of the machine there is only the wall clock to go by, but never back beyond the anchor.
        """
        passed = ticks() - self.ticks
        if self.boot == boot() and passed >= 0:
            return self.wall + passed
        return max(self.wall, time.time())


def anchor() -> Anchor:
    """Return the present moment by both clocks."""
    return Anchor(boot(), ticks(), time.time())


def ticks() -> float:
    """Return the seconds since the machine's start."""
    return time.clock_gettime(_CLOCK)


def boot() -> str:
    """Return what names the machine's present run; empty where the system has no such name."""
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""  # not Linux: a count that went back tells another start
