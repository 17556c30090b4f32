"""How the hub reaches a lab server: by two ports of its own loopback, and a secret that no other server has."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import lru_cache

import httpx

from labctl.actions import room
from labctl.base.errors import HostError
from labctl.gameday.servers.far import Far
from labctl.gameday.store import DayStore
from labctl.room.identity import signed

LOOPBACK = "127.0.0.1"
FIRST, LAST = 18000, 19999
"""Ports of this host from which two a lab are taken."""


@dataclass(frozen=True)
class Reach:
    """What the hub knows of a lab server."""

    orders: int
    room: int
    """The ports at which it is reached."""
    lab: str = ""
    """Which lab it had when it was well; empty before the first."""
    left: bool = False
    """Whether its team was given a spare one: it is not looked after any more."""


def reach(store: DayStore, lab: str) -> Reach | None:
    """Return what is known of a lab's server; None before it was placed."""
    found = store.get(_key(lab))
    return Reach(**found) if found else None


def note(store: DayStore, lab: str, known: Reach) -> None:
    """Write down what is known of a lab's server."""
    store.set(_key(lab), asdict(known))


def leave(store: DayStore, lab: str) -> None:
    """Note that a lab's team was given a spare one."""
    known = reach(store, lab)
    if known:
        note(store, lab, replace(known, left=True))


def choose_ports(store: DayStore, labs: list[str]) -> None:
    """Choose ports for those labs that have none. Raises HostError where there are none left."""
    known = {each: reach(store, each) for each in labs}
    taken = {port for each in known.values() if each for port in (each.orders, each.room)}
    free = (port for port in range(FIRST, LAST + 1) if port not in taken and room.is_free(port, LOOPBACK))
    for lab in (each for each, found in known.items() if found is None):
        pair = next(free, None), next(free, None)
        if pair[0] is None or pair[1] is None:
            raise HostError(
                f"no free ports from {FIRST} to {LAST}", expected="two for each lab", todo="end a program that has some"
            )
        note(store, lab, Reach(pair[0], pair[1]))


def secret(store: DayStore, lab: str) -> str:
    """Return the secret by which a lab's server knows the hub: with one of them, nobody speaks to another."""
    return signed(store.secrets.front, "lab server", lab)


def far(store: DayStore, lab: str) -> Far:
    """Return a lab's server."""
    known = reach(store, lab)
    return Far(lab, secret(store, lab), _client(known.orders if known else 0))


@lru_cache(maxsize=256)
def _client(port: int) -> httpx.Client:
    return httpx.Client(base_url=f"http://{LOOPBACK}:{port}", trust_env=False)


def _key(lab: str) -> str:
    return f"server {lab}"
