"""A container's first process: it started when the container did, and another first process means a restart."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from services.containers.files import read, read_numbers

TICKS = os.sysconf("SC_CLK_TCK")
START_FIELD = 19
"""Of the fields after the command's name: the start time in ticks since boot (proc(5) counts it as the 22nd)."""

RUNTIME = re.compile(r"runc:\[|crun$|youki:\[")
"""Begins the names of processes that prepare a container before its own first one runs: the limits may not be set yet.
`docker exec` starts one as well."""


@dataclass(frozen=True)
class Process:
    """A process id, and its start in ticks since boot: together they name one process for ever."""

    pid: int
    start: int


class Processes:
    """The first process of each container, and how often another one took its place."""

    def __init__(self, proc: Path) -> None:
        self._proc = proc
        self._boot = read_numbers(f"{proc}/stat")["btime"]
        self._first: dict[str, Process] = {}
        self._restarts: dict[str, int] = {}

    def first(self, container_id: str, pids: Sequence[int]) -> Process | None:
        """Return the oldest process of these; None when all have ended, or only the engine's runtime is at work."""
        known = self._first.get(container_id)
        if known is not None and known.pid in pids and self._start(known.pid) == known.start:
            return known
        running = [Process(pid, start) for pid in pids if (start := self._start(pid)) is not None]
        if not running:
            return None
        oldest = min(running, key=lambda process: (process.start, process.pid))
        if known is not None:
            self._restarts[container_id] = self.restarts(container_id) + 1
        self._first[container_id] = oldest
        return oldest

    def restarts(self, container_id: str) -> int:
        """Return how often the container was seen with another first process."""
        return self._restarts.get(container_id, 0)

    def started_at(self, process: Process) -> float:
        """Return the start in seconds since the epoch."""
        return self._boot + process.start / TICKS

    def _start(self, pid: int) -> int | None:
        try:
            # The command's name may hold spaces and brackets; the last bracket ends it.
            name, _, fields = read(f"{self._proc}/{pid}/stat").partition("(")[2].rpartition(")")
            return None if RUNTIME.match(name) else int(fields.split()[START_FIELD])
        except (OSError, IndexError):
            return None
