"""Memory: how much of it a service's containers may have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from labctl.lab.mechanisms.limits import Limit, LimitsMechanism

MIB = 2**20


@dataclass(frozen=True)
class Memory(LimitsMechanism):
    """The memory of the lab's services."""

    name: ClassVar[str] = "memory"

    def limit(self, service: str, mebibytes: int) -> None:
        """Let each container of a service have this much memory, and no swap; the feed gets no entry.

        Raises NotFoundError for no container, EngineError: a host may refuse a limit below the memory in use.
        """
        self._cut(service, _limit(mebibytes * MIB))

    def read(self, host_config: Mapping[str, Any]) -> Limit:
        """Return a container's limit, from its HostConfig."""
        return _limit(int(host_config["Memory"]))


def _limit(size: int) -> Limit:
    # Both alike means no swap, which would turn too little memory into slowness.
    return {"memory": size, "memory-swap": size}
