"""What the handlers of one room share."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import BoundedSemaphore

from flask import current_app, g

from labctl.actions.live import Watch
from labctl.room.identity import Identity, Visitor
from labctl.room.limits import CHANGES, ENTRIES, READS, Limiter

STREAMS = 24
"""Tabs that can be open at once, one for each of a full team and some more: each holds a thread of the server."""
_KEY = "room"


@dataclass
class Seat:
    """A place among the open tabs, which is given back once, however often it is left."""

    seats: BoundedSemaphore
    left: bool = False

    def leave(self) -> None:
        """Give it back."""
        if not self.left:
            self.left = True
            self.seats.release()


@dataclass
class Site:
    """One room: the lab that it shows, the path it lives under, how it knows who asks, the hosts it answers to."""

    lab: str
    prefix: str
    identity: Identity
    hosts: frozenset[str]
    """As browsers send them, such as 127.0.0.1:21005; none for any, where a front has checked them."""
    watch: Watch
    reads: Limiter = field(default_factory=lambda: Limiter(READS))
    changes: Limiter = field(default_factory=lambda: Limiter(CHANGES))
    entries: Limiter = field(default_factory=lambda: Limiter(ENTRIES))
    seats: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(STREAMS))

    def take_seat(self) -> Seat | None:
        """Take a place among the open tabs; None when there is none."""
        return Seat(self.seats) if self.seats.acquire(blocking=False) else None


def attach(site: Site) -> None:
    """Make `site` that of the current app."""
    current_app.extensions[_KEY] = site


def here() -> Site:
    """Return the room that answers the present request."""
    site: Site = current_app.extensions[_KEY]
    return site


def visitor() -> Visitor:
    """Return who asks; the door has let them in."""
    found: Visitor = g.visitor
    return found
