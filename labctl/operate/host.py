"""The host's free disk space and memory, and how much of each a lab needs."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from labctl.base.errors import HostError

GIB = 1024**3
MIN_DISK = 2 * GIB
MIN_MEMORY = 1 * GIB
_MEMINFO = Path("/proc/meminfo")


@dataclass(frozen=True)
class Room:
    """Free disk space and available memory in bytes; None where the platform does not say."""

    disk: int | None
    memory: int | None


def room(*folders: Path, meminfo: Path = _MEMINFO) -> Room:
    """Measure the memory, and the disk space on the fullest of the file systems that hold `folders`."""
    free = [shutil.disk_usage(_existing(folder)).free for folder in folders]
    return Room(min(free, default=None), _available_memory(meminfo))


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
