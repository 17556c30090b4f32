"""How many labs fit on hosts: arithmetic over what a lab needs, as measured, and what each host has left.

A lab needs memory that stays, whatever its load, and CPU that grows with it. What was measured, and on what machine, is
in docs/many-labs.md; a host whose speed is known needs that many times less CPU.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor

from labctl.base.errors import HostError, InputError
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
class Room:
    """What a host has: its cores, how many of them are in use, and the memory that is left."""

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


def fit(room: Room, each: Need) -> Fit:
    """Return how many labs with this need fit on a host beside what runs there, and what ends first."""
    by_memory = floor(max(0.0, room.free_mb - LEFT_MB) / each.memory_mb)
    by_cpu = floor(max(0.0, room.cores * BUSY - room.busy_cores) / each.cores)
    return Fit(min(by_memory, by_cpu), "memory" if by_memory <= by_cpu else "CPU")


def place(labs: int, fits: Mapping[str, Fit], *, spares: int = 0) -> dict[str, int]:
    """Spread labs over hosts, evenly by the share of each that is used, with room for so many spares on each.

    Raises HostError, with the arithmetic, where they don't fit.
    """
    free = {name: max(0, each.labs - spares) for name, each in fits.items()}
    if labs > sum(free.values()):
        beside = f" with {number_of(spares, 'spare')} on each host" if spares else ""
        raise HostError(
            f"{number_of(labs, 'lab')} don't fit{beside}",
            expected="; ".join(f"{name}: {each}" for name, each in fits.items()) or "a host",
            todo="take fewer teams, a lower --rps, or another host; `labctl pause` frees the CPU of a lab",
        )
    placed = dict.fromkeys(free, 0)
    for _ in range(labs):
        open_ones = [each for each in free if placed[each] < free[each]]
        placed[min(open_ones, key=lambda each: (placed[each] + 1) / free[each])] += 1
    return placed
