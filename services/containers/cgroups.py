"""What both versions of control groups say of a container, under cAdvisor's names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from services.containers.files import read, read_numbers
from services.containers.tree import Tree

Values = dict[str, float]
NANO = 1e9
MICRO = 1e6
UNLIMITED = 2**60
"""Version 1 writes "no limit" as the largest number of whole pages."""


class Cgroups(Protocol):
    """One version of control groups."""

    def directory(self, container_id: str) -> str | None:
        """Return the directory whose processes are the container's."""

    def values(self, container_id: str) -> Values:
        """Return the figures by metric name; raises OSError when the container goes meanwhile."""


def detect(root: Path) -> Cgroups:
    """Return the version that is mounted at `root`."""
    return Version2(root) if (root / "cgroup.controllers").exists() else Version1(root)


class Version1:
    """A hierarchy for each controller."""

    def __init__(self, root: Path) -> None:
        # Several controllers may be one hierarchy (cpu and cpuacct mostly are links to it): it is walked once.
        paths = [(root / controller).resolve() for controller in ("cpu", "cpuacct", "memory")]
        trees = {path: Tree(path) for path in paths}
        self._cpu, self._accounting, self._memory = (trees[path] for path in paths)

    def directory(self, container_id: str) -> str | None:
        """Return the one of the memory controller."""
        return self._memory.directory(container_id)

    def values(self, container_id: str) -> Values:
        """Return what is there: a controller that is not mounted only lacks its own figures."""
        found: Values = {}
        if accounting := self._accounting.directory(container_id):
            found["container_cpu_usage_seconds_total"] = int(read(f"{accounting}/cpuacct.usage")) / NANO
        if cpu := self._cpu.directory(container_id):
            stat = read_numbers(f"{cpu}/cpu.stat")
            found |= _throttling(stat, stat.get("throttled_time", 0) / NANO)
            quota = int(read(f"{cpu}/cpu.cfs_quota_us"))
            found |= _quota(quota if quota > 0 else None, int(read(f"{cpu}/cpu.cfs_period_us")))
        if memory := self._memory.directory(container_id):
            stat = read_numbers(f"{memory}/memory.stat")
            found |= _memory(
                usage=int(read(f"{memory}/memory.usage_in_bytes")),
                inactive=stat.get("total_inactive_file", 0),
                rss=stat.get("total_rss", 0),
                limit=int(read(f"{memory}/memory.limit_in_bytes")),
            )
            found["container_oom_events_total"] = read_numbers(f"{memory}/memory.oom_control").get("oom_kill", 0)
        return found


class Version2:
    """One hierarchy for everything."""

    def __init__(self, root: Path) -> None:
        self._tree = Tree(root)

    def directory(self, container_id: str) -> str | None:
        """Return the container's only one."""
        return self._tree.directory(container_id)

    def values(self, container_id: str) -> Values:
        """Return all figures; empty when the container has no directory."""
        group = self._tree.directory(container_id)
        if group is None:
            return {}
        cpu = read_numbers(f"{group}/cpu.stat")
        found: Values = {"container_cpu_usage_seconds_total": cpu.get("usage_usec", 0) / MICRO}
        found |= _throttling(cpu, cpu.get("throttled_usec", 0) / MICRO)
        quota, period = read(f"{group}/cpu.max").split()
        found |= _quota(None if quota == "max" else int(quota), int(period))
        stat = read_numbers(f"{group}/memory.stat")
        limit = read(f"{group}/memory.max").strip()
        found |= _memory(
            usage=int(read(f"{group}/memory.current")),
            inactive=stat.get("inactive_file", 0),
            rss=stat.get("anon", 0),
            limit=0 if limit == "max" else int(limit),
        )
        found["container_oom_events_total"] = read_numbers(f"{group}/memory.events").get("oom_kill", 0)
        return found


def processes(group: str) -> list[int]:
    """Return the process ids of a control group; those of the groups below it when it has none of its own."""
    own = [int(pid) for pid in read(f"{group}/cgroup.procs").split()]
    if own:
        return own
    with os.scandir(group) as entries:
        below = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
    return [pid for path in below for pid in processes(path)]


def _throttling(stat: dict[str, int], seconds: float) -> Values:
    return {
        "container_cpu_cfs_periods_total": stat.get("nr_periods", 0),
        "container_cpu_cfs_throttled_periods_total": stat.get("nr_throttled", 0),
        "container_cpu_cfs_throttled_seconds_total": seconds,
    }


def _quota(quota: int | None, period: int) -> Values:
    """No quota is no figure, as cAdvisor has it."""
    own = {} if quota is None else {"container_spec_cpu_quota": float(quota)}
    return {**own, "container_spec_cpu_period": period}


def _memory(*, usage: int, inactive: int, rss: int, limit: int) -> Values:
    """No limit is 0, as cAdvisor has it."""
    return {
        "container_memory_usage_bytes": usage,
        "container_memory_working_set_bytes": max(usage - inactive, 0),
        "container_memory_rss": rss,
        "container_spec_memory_limit_bytes": 0 if limit >= UNLIMITED else limit,
    }
