"""How many labs fit on hosts: arithmetic over what a lab needs, as measured, and what each host has left.

A lab needs memory that stays, whatever its load, and CPU that grows with it. What was measured, and on what machine, is
in docs/many-labs.md; a host whose speed is known needs that many times less CPU.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from labctl.base.errors import InputError
from labctl.base.text import number_of

MEMORY_MB = 720.0
"""Containers of a lab that has run for an hour."""
BESIDE_MB = 90.0
"""Its director and its room, on the host."""
REST_CORES = 0.16
CORES_A_REQUEST = 0.012
"""At one request a second more, up to 20."""
LEFT_MB = 1000.0
"""What a host keeps for itself."""
BUSY = 0.9
"""With more of its CPU in use, every lab's requests wait for the others'."""


@dataclass(frozen=True)
class Need:
    """What one lab needs."""

    memory_mb: float
    cores: float


@dataclass(frozen=True)
class Left:
    """What a host has left: its cores, how many of them are in use, and the memory that is left."""

    cores: float
    busy_cores: float
    free_mb: float


@dataclass(frozen=True)
class Fit:
    """How many labs fit on one host, and what there is not enough of for one more."""

    labs: int
    short_of: str
    """"memory" or "CPU"."""

    def __str__(self) -> str:
        return f"{number_of(self.labs, 'lab')}, then {self.short_of} is short"


def need(rps: float, *, speed: float = 1.0) -> Need:
    """Return what a lab at so many requests/s needs on a host that is `speed` times as fast as the reference."""
    if not rps > 0 or not speed > 0:
        raise InputError(f"no lab has {rps:g} requests/s at {speed:g} times the speed", expected="numbers above 0")
    return Need(MEMORY_MB + BESIDE_MB, (REST_CORES + CORES_A_REQUEST * rps) / speed)


def fit(left: Left, each: Need) -> Fit:
    """Return how many labs with this need fit on a host beside what runs there, and what ends first."""
    by_memory = floor(max(0.0, left.free_mb - LEFT_MB) / each.memory_mb)
    by_cpu = floor(max(0.0, left.cores * BUSY - left.busy_cores) / each.cores)
    return Fit(min(by_memory, by_cpu), "memory" if by_memory <= by_cpu else "CPU")
