"""How many labs fit on a host, by what one was measured to cost, and what to do where they don't."""

from __future__ import annotations

from dataclasses import dataclass

from labctl.actions.host_resources import BUSY, HostResources, need
from labctl.base.errors import HostError

MIB = 2**20


@dataclass(frozen=True)
class Cost:
    """What one lab with its room costs at a rate: memory in MiB, and CPU in cores."""

    rps: float
    memory_mib: float
    cores: float


HUB_MIB = 200
"""The hub and its keeper."""


@dataclass(frozen=True)
class Capacity:
    """How many labs fit, by memory and by CPU; None where the platform does not say."""

    cost: Cost
    by_memory: int | None
    by_cores: int

    @property
    def labs(self) -> int:
        """How many fit."""
        return self.by_cores if self.by_memory is None else min(self.by_memory, self.by_cores)


def cost_at(rps: float) -> Cost:
    """Return what a lab costs at a rate, as docs/many-labs.md has it."""
    each = need(rps)
    return Cost(rps, round(each.memory_mb * 1e6 / MIB), round(each.cores, 3))


def capacity(rps: float, host: HostResources, running: int = 0) -> Capacity:
    """Return how many labs fit, those that run already among them."""
    cost = cost_at(rps)
    free = None if host.memory is None else host.memory / MIB - HUB_MIB
    by_memory = None if free is None else running + max(0, int(free // cost.memory_mib))
    return Capacity(cost, by_memory, int(host.cores * BUSY / cost.cores))


def told(found: Capacity, host: HostResources) -> str:
    """Say how many labs fit, and why."""
    memory = "" if host.memory is None else f", {host.memory / 2**30:.1f} GB of free memory hold {found.by_memory}"
    return (
        f"a lab at {found.cost.rps:g} requests/s takes {found.cost.memory_mib:.0f} MB and {found.cost.cores:g} cores: "
        f"{host.cores} cores hold {found.by_cores}{memory}"
    )


def require(wanted: int, rps: float, host: HostResources, running: int = 0) -> str:
    """Return how many labs fit and why. Raises HostError where those that are wanted don't."""
    found = capacity(rps, host, running)
    if found.labs < wanted:
        raise HostError(
            f"{wanted} labs do not fit on this host: {told(found, host)}",
            expected=f"at most {found.labs}, spares among them",
            todo="plan fewer teams or spares, a lower rps (5 is the least that shows most faults), or a larger host",
        )
    return told(found, host)
