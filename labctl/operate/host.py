"""The host's free disk space and memory, how much of each a lab needs, and the CPU in use."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from labctl.base.errors import HostError
from labctl.base.waiting import pause

GIB = 1024**3
MIN_DISK = 2 * GIB
MIN_MEMORY = 1 * GIB
_MEMINFO = Path("/proc/meminfo")
_STAT = Path("/proc/stat")
MOMENT_S = 1.0
IDLE = (3, 4)
"""The fields of a line about CPU time, after its name, in which nothing was done: idle, and waiting for a disk."""
COUNTED = 8
"""Those after them, of guests, are in the first ones already."""


@dataclass(frozen=True)
class Room:
    """Free disk space and available memory in bytes; None where the platform does not say."""

    disk: int | None
    memory: int | None


def room(*folders: Path, meminfo: Path = _MEMINFO) -> Room:
    """Measure the memory, and the disk space on the fullest of the file systems that hold `folders`."""
    free = [shutil.disk_usage(_existing(folder)).free for folder in folders]
    return Room(min(free, default=None), _available_memory(meminfo))


def busy_cores(stat: Path = _STAT, wait: Callable[[float], None] = pause) -> float | None:
    """Measure for a moment how many cores are in use; None where the platform does not say."""
    before = cpu_time(stat)
    if before is None:
        return None
    wait(MOMENT_S)
    return cores_between(before, cpu_time(stat))


def cores_between(before: tuple[int, int] | None, after: tuple[int, int] | None) -> float | None:
    """Return how many cores were in use between two readings of `cpu_time`; None where they do not say."""
    if before is None or after is None or after[1] <= before[1]:
        return None
    return (after[0] - before[0]) / (after[1] - before[1]) * (os.cpu_count() or 1)


def cpu_time(stat: Path = _STAT) -> tuple[int, int] | None:
    """Return the CPU time of all cores that was used, and all of it, in the kernel's ticks."""
    try:
        times = [int(each) for each in stat.read_text(encoding="ascii").splitlines()[0].split()[1 : COUNTED + 1]]
    except OSError:
        return None
    return sum(times) - sum(times[place] for place in IDLE), sum(times)


def require(found: Room) -> None:
    """Raise HostError when there is too little room to start a lab."""
    if found.disk is not None and found.disk < MIN_DISK:
        raise HostError(
            f"the disk is nearly full: {found.disk / GIB:.1f} GB free",
            expected=f"at least {MIN_DISK / GIB:.0f} GB",
            todo="free some space; `docker system df` shows what Docker holds, `docker image prune` removes leftovers",
        )
    if found.memory is not None and found.memory < MIN_MEMORY:
        raise HostError(
            f"memory is short: {found.memory / GIB:.1f} GB available",
            expected=f"at least {MIN_MEMORY / GIB:.0f} GB",
            todo="end a program that uses much memory, or take other labs down: labctl down --all",
        )


def _existing(folder: Path) -> Path:
    return next((each for each in (folder, *folder.parents) if each.exists()), Path("/"))


def _available_memory(meminfo: Path) -> int | None:
    try:
        lines = meminfo.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    values = dict(line.split(":", 1) for line in lines if ":" in line)
    return int(values["MemAvailable"].split()[0]) * 1024 if "MemAvailable" in values else None
