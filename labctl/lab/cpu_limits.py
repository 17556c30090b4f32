"""CPU limits: how much of the machine a service's containers may use, cut and given back.

A limit is a quota of CPU time in every period of the scheduler. A service that uses little, on a fast host next to
nothing, is given its little in longer periods: the kernel hands out no less than a thousandth of a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from labctl.lab.stack import Stack
from labctl.state.state import LabStore

PERIOD_US = 100_000
"""The scheduler's usual period, in microseconds: that of the compose file."""
LONGEST_US = 1_000_000
LEAST_QUOTA_US = 2_000
"""So much runs at a time, at least: about what an answer takes."""


def in_use(service: str) -> str:
    """Return the PromQL query for the cores that a service uses."""
    return f'sum(rate(container_cpu_usage_seconds_total{{service="{service}"}}[20s]))'


@dataclass(frozen=True)
class Limit:
    """So much CPU time in every period, both in microseconds."""

    quota: int
    period: int

    @classmethod
    def of(cls, cores: float) -> Limit:
        """Return the limit that comes to so many cores: in the usual period, or in as long a one as it takes."""
        period = min(LONGEST_US, max(PERIOD_US, round(LEAST_QUOTA_US / max(cores, 1e-6))))
        return cls(max(1_000, round(cores * period)), period)


@dataclass(frozen=True)
class CpuLimits:
    """The limits of one lab's containers; what they were is written down before it is changed."""

    stack: Stack
    store: LabStore

    def cut(self, service: str, cores: float) -> None:
        """Let each container of a service use `cores` at most. Raises EngineError, NotFoundError for no container."""
        self.stack.container(service)
        containers = [each.id for each in self.stack.ps(service)]
        known = self._known(service)
        new = [each for each in containers if each not in known]
        self.store.set(_key(service), {**self._limits(new), **known})
        for each in containers:
            self._update(each, Limit.of(cores))

    def restore(self, service: str) -> bool:
        """Give the containers that are still there what they had; whether anything had been cut.

        A container made since then has the limit of the compose file, and is left alone.
        """
        known = self._known(service)
        present = {each.id for each in self.stack.ps(service)}
        for container, limit in known.items():
            if container in present:
                self._give_back(container, limit)
        self.store.unset(_key(service))
        return bool(known)

    def _give_back(self, container: str, limit: dict[str, int] | int) -> None:
        if isinstance(limit, int):  # in billionths of a core, as a labctl before this one kept it
            self.stack.docker.run("update", "--cpus", f"{limit / 1e9:.9f}", container)
        else:
            self._update(container, Limit(**limit))

    def _known(self, service: str) -> Mapping[str, dict[str, int] | int]:
        return self.store.get(_key(service)) or {}

    def _limits(self, containers: list[str]) -> dict[str, dict[str, int]]:
        found = self.stack.docker.inspect(*containers)
        return {each: asdict(_limit(document)) for each, document in zip(containers, found, strict=True)}

    def _update(self, container: str, limit: Limit) -> None:
        # Together: the kernel checks each against the other.
        self.stack.docker.run("update", "--cpu-period", str(limit.period), "--cpu-quota", str(limit.quota), container)


def _limit(inspected: Mapping[str, Any]) -> Limit:
    host = inspected["HostConfig"]
    return Limit(int(host["CpuQuota"]), int(host["CpuPeriod"]))


def _key(service: str) -> str:
    return f"cpu:{service}"
