"""Host ports of a lab: chosen free when it is made, then kept, so that bookmarks go on working."""

from __future__ import annotations

import random
import socket
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, fields

from labctl.base.errors import HostError
from labctl.state.store import Ports

FIRST, LAST = 20000, 29999
"""Below the range from which Linux and macOS take ports for outgoing connections."""
BLOCK = 10
"""A lab's ports lie side by side: 24310 the gateway, 24311 Prometheus, …"""
NAMES = tuple(field.name for field in fields(Ports))

IsFree = Callable[[int], bool]


def is_free(port: int, address: str) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
        # Docker's proxy sets this too: without it, a port whose last connection just closed would look taken.
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind((address, port))
        except OSError:
            return False
    return True


def choose(name: str, reserved: Iterable[int], free: IsFree) -> Ports:
    """Return ports for a new lab: not reserved by other labs, free now; the lab's name says where the search begins."""
    taken = set(reserved)
    for base in _bases(name):
        block = range(base, base + len(NAMES))
        if not taken.intersection(block) and all(free(port) for port in block):
            return Ports(*block)
    raise HostError(
        f"no free ports from {FIRST} to {LAST}",
        expected=f"{len(NAMES)} free ports side by side",
        todo="take labs down that are not needed: labctl down --all",
    )


def beside(ports: Ports, free: IsFree) -> int:
    """Return a port for one more server of a lab: beside the lab's own, where no other lab looks for ports."""
    own = range(ports.gateway // BLOCK * BLOCK, LAST + 1, BLOCK)
    spare = (block + place for block in (*own, *range(FIRST, own.start, BLOCK)) for place in range(len(NAMES), BLOCK))
    found: int | None = next((port for port in spare if free(port)), None)
    if found is None:
        raise HostError(f"no free port from {FIRST} to {LAST}", expected="one for the room", todo="close a program")
    return found


def replace_taken(
    name: str, ports: Ports, reserved: Iterable[int], free: IsFree, ours: Iterable[int] = ()
) -> tuple[Ports, dict[str, int]]:
    """Return the ports, those that another program took replaced, and the lost ones; `ours` count as not taken."""
    kept = asdict(ports)
    lost = {each: port for each, port in kept.items() if port not in set(ours) and not free(port)}
    if not lost:
        return ports, {}
    fresh = asdict(choose(name, {*reserved, *kept.values()}, free))
    return Ports(**{**kept, **{each: fresh[each] for each in lost}}), lost


def _bases(name: str) -> Iterator[int]:
    bases = list(range(FIRST, LAST, BLOCK))
    start = random.Random(name).randrange(len(bases))
    yield from bases[start:]
    yield from bases[:start]
