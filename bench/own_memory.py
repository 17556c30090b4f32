"""A lab's own memory: what the kernel can't take back. Page cache is left out, shared memory (Postgres's) is not."""

from __future__ import annotations

from collections.abc import Mapping

from labctl.base.errors import EngineError
from labctl.lab.lab import Lab

STATISTICS = "cat /sys/fs/cgroup/memory/memory.stat 2>/dev/null || cat /sys/fs/cgroup/memory.stat"
"""Of a container's own control group, in the kernel's first version of them, or else in its second."""
OWN = (("total_rss", "total_shmem"), ("anon", "shmem"))


def by_service(lab: Lab) -> dict[str, float]:
    """Return each service's own memory in MB. Raises EngineError where a container does not tell it."""
    found: dict[str, float] = {}
    for each in lab.stack.ps():
        if each.running:
            told = lab.stack.docker.exec(each.id, "sh", "-c", STATISTICS)
            found[each.service] = found.get(each.service, 0.0) + own_bytes(told) / 1e6
    return dict(sorted(found.items()))


def own_bytes(statistics: str) -> int:
    """Return the bytes that a memory.stat counts as a control group's own."""
    figures = _numbers(statistics)
    for names in OWN:
        if all(name in figures for name in names):
            return sum(figures[name] for name in names)
    raise EngineError("a container does not tell its memory", expected="anon and shmem, or total_rss and total_shmem")


def _numbers(statistics: str) -> Mapping[str, int]:
    pairs = (line.split() for line in statistics.splitlines())
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2 and pair[1].isdecimal()}
