"""CPU limits: how much of the machine a service's containers may use, cut and given back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labctl.stack import Stack
from labctl.state import LabStore

NANO = 1_000_000_000
"""Docker counts limits in billionths of a core."""
LEAST_CORES = 0.01
"""Docker takes no lower limit."""


def in_use(service: str) -> str:
    """Return the PromQL query for the cores that a service uses."""
    return f'sum(rate(container_cpu_usage_seconds_total{{service="{service}"}}[20s]))'


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
            self._update(each, max(LEAST_CORES, cores))

    def restore(self, service: str) -> bool:
        """Give the containers that are still there what they had; whether anything had been cut.

        A container made since then has the limit of the compose file, and is left alone.
        """
        known = self._known(service)
        present = {each.id for each in self.stack.ps(service)}
        for container, nano in known.items():
            if container in present:
                self._update(container, nano / NANO)
        self.store.unset(_key(service))
        return bool(known)

    def _known(self, service: str) -> Mapping[str, int]:
        return self.store.get(_key(service)) or {}

    def _limits(self, containers: list[str]) -> dict[str, int]:
        found = self.stack.docker.inspect(*containers)
        return {each: int(document["HostConfig"]["NanoCpus"]) for each, document in zip(containers, found, strict=True)}

    def _update(self, container: str, cores: float) -> None:
        self.stack.docker.run("update", "--cpus", f"{cores:.9f}", container)


def _key(service: str) -> str:
    return f"cpu:{service}"
