"""What the host has: for whoever plans how many labs it can hold."""

from __future__ import annotations

import os
from dataclasses import dataclass

from labctl.operate import host
from labctl.operate.capacity import BUSY, need

__all__ = ["BUSY", "HostResources", "host_resources", "need"]


@dataclass(frozen=True)
class HostResources:
    """The cores of this host, and the memory that is free, in bytes; None where the platform does not say."""

    cores: int
    memory: int | None


def host_resources() -> HostResources:
    """Return what the host has now."""
    return HostResources(os.cpu_count() or 1, host.room().memory)
