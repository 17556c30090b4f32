"""What a game day asks of a lab, and what it is told: one small set of verbs, and nothing else of the lab."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from labctl.actions.errand import Asked
from labctl.actions.overview import Glance

FRONT, ORDERS, ROOM = "front", "orders.sock", "room.sock"
"""In the folder of a lab's server: the hub's secret, and where it listens for orders, and as the room."""


@dataclass(frozen=True)
class Pace:
    """A lab's requests per second, and how fast its host is; None where that was not measured."""

    rps: float
    speed: float | None


@dataclass(frozen=True)
class Work:
    """What a lab does in the background, or did last: to break, or to heal."""

    what: str
    at: float
    ended_at: float | None
    problem: str | None
    """Why it failed."""

    @property
    def under_way(self) -> bool:
        """Whether it is not over."""
        return self.ended_at is None


@dataclass(frozen=True)
class Seen:
    """A lab's last incident, as far as its team may know it."""

    incident: str
    status: str
    paged_at: float | None
    paused: bool
    elapsed_s: float
    """Where the clock stands, without penalties."""


@dataclass(frozen=True)
class Standing:
    """Whether there is something to heal in a lab, and who is at work in it."""

    broken: bool
    busy: bool
    work: Work | None


class Looker(Protocol):
    """Who looks at one lab again and again."""

    def look(self) -> Glance:
        """Return the lab now. What can't be found out is said as a trouble: nothing is raised."""
        ...


class LabServer(Protocol):
    """A lab, as the hub knows it. Each of these raises LabctlError where the lab refuses, or does not answer."""

    def pace(self) -> Pace:
        """Return what decides which faults show in the lab."""
        ...

    def begin(self, asked: Asked) -> None:
        """Let a hidden incident begin in the background."""
        ...

    def work(self) -> Work | None:
        """Return the last thing that was done in the background; what was killed at it is started again."""
        ...

    def seen(self) -> Seen:
        """Return the last incident. Raises LabStateError where there was none."""
        ...

    def standing(self) -> Standing:
        """Return whether there is something to heal."""
        ...

    def heal(self) -> None:
        """Let the lab be healed in the background."""
        ...

    def pause(self) -> None:
        """Let the clock stand."""
        ...

    def resume(self) -> None:
        """Let the clock run on."""
        ...

    def extend(self, by_s: float) -> None:
        """Move the limit."""
        ...

    def end(self) -> None:
        """End the incident, as its limit would."""
        ...

    def void(self) -> None:
        """Let nothing of the incident count; the lab is not healed by it."""
        ...

    def told(self) -> dict[str, Any]:
        """Return the last incident's debrief, and its postmortem."""
        ...

    def onlooker(self) -> Looker:
        """Return who looks at the lab for an instructor."""
        ...
