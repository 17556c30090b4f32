"""What a container uses, as its engine tells: memory of its own, and CPU time. Frozen ones are told as well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from labctl.base.errors import EngineError

MB = 1e6
NANO = 1e9
OWN = (("anon", "shmem"), ("total_active_anon", "total_inactive_anon", "total_unevictable"))
"""What the kernel can't take back, shared memory (Postgres's) included, page cache left out: in the second version of
control groups, and in the first, which counts shared memory as anonymous."""


@dataclass(frozen=True)
class Usage:
    """One look at a container: memory in MB, CPU time in seconds since its start, when that was in epoch seconds."""

    memory_mb: float
    cpu_s: float
    at: float
    cores: float
    """CPU in use during the second before the look."""


def read(statistics: Mapping[str, Any]) -> Usage:
    """Return what an answer of the engine's says. Raises EngineError for one that does not tell."""
    told = statistics.get("memory_stats", {}).get("stats", {})
    own = next((sum(told[name] for name in names) for names in OWN if all(name in told for name in names)), None)
    if own is None:
        raise EngineError("Docker does not tell a container's memory", expected="a container that runs, or is paused")
    at, cpu_s = _moment(statistics["read"]), _cpu_s(statistics["cpu_stats"])
    before = _moment(statistics["preread"]), _cpu_s(statistics["precpu_stats"])
    return Usage(own / MB, cpu_s, at, _cores(*before, at, cpu_s))


def cores(before: Usage, after: Usage) -> float:
    """Return how many cores were used between two looks; one whose container started anew has used none."""
    return _cores(before.at, before.cpu_s, after.at, after.cpu_s)


def _cores(before: float, before_s: float, after: float, after_s: float) -> float:
    return max(0.0, after_s - before_s) / (after - before) if after > before else 0.0


def _cpu_s(statistics: Mapping[str, Any]) -> float:
    return float(statistics["cpu_usage"]["total_usage"]) / NANO


def _moment(text: str) -> float:
    # Docker writes nanoseconds, of which Python 3.11 reads those that it keeps.
    return datetime.fromisoformat(text).timestamp()
