"""The words of a game day: teams, roles, who may ask, and the states of an incident. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody does in their team; one person each, and the rest just work."""

    COMMANDER = "commander"
    COMMUNICATIONS = "communications"
    INVESTIGATOR = "investigator"


SINGLE = frozenset({Role.COMMANDER, Role.COMMUNICATIONS})
"""Roles that one member of a team has at a time: who takes one relieves the other."""


class DayState(StrEnum):
    """How far a game day is."""

    STARTING = "starting"
    RUNNING = "running"
    ENDING = "ending"
    """`labctl gameday down` has begun."""


class State(StrEnum):
    """How far the incident of one team in one round is."""

    READY = "ready"
    """Known, not asked for yet."""
    STARTING = "starting"
    """Asked for: the lab is checked and broken, and the page is waited for."""
    PAGED = "paged"
    """The clock runs."""
    PAUSED = "paused"
    """The clock stands; the lab goes on."""
    ENDED = "ended"
    VOID = "void"
    """It does not count: it never paged, or the instructor said so."""


NEXT: dict[State, frozenset[State]] = {
    State.READY: frozenset({State.STARTING, State.VOID}),
    State.STARTING: frozenset({State.PAGED, State.VOID}),
    State.PAGED: frozenset({State.PAUSED, State.ENDED, State.VOID}),
    State.PAUSED: frozenset({State.PAGED, State.ENDED, State.VOID}),
    State.ENDED: frozenset({State.VOID}),
    State.VOID: frozenset(),
}
"""What each state may become. A void incident is played again as another one."""
UNDER_WAY = frozenset({State.STARTING, State.PAGED, State.PAUSED})

BROWSER, TERMINAL = "browser", "terminal"
"""How somebody asks: by a cookie, or by a token of `labctl login`."""


LOCAL, SWARM = "local", "swarm"
"""Where labs are: on the host that labctl runs on, or wherever a swarm of Docker places them."""


@dataclass(frozen=True)
class Team:
    """A team; its lab is the one that it works on now."""

    name: str
    lab: str
    port: int
    """Where its lab's room listens, on loopback."""
    host: str = LOCAL


@dataclass(frozen=True)
class LabSeat:
    """A lab of the game day: a team's, or a spare one."""

    name: str
    team: str | None
    port: int
    host: str
    ready: bool
    """Whether it is up: healthy under load, its room open."""


@dataclass(frozen=True)
class Member:
    """Somebody in a team."""

    id: int
    team: str
    name: str
    role: Role | None
    joined_at: float


@dataclass(frozen=True)
class Caller:
    """Who asks, as their session says: a member, or the instructor, who is in no team."""

    session: int
    kind: str
    member: Member | None

    @property
    def is_instructor(self) -> bool:
        """Whether it is the instructor."""
        return self.member is None

    @property
    def name(self) -> str:
        """What they are called."""
        return self.member.name if self.member else "instructor"


@dataclass(frozen=True)
class TeamIncident:
    """The incident of one team in one round."""

    id: int
    round: int
    team: str
    lab: str
    state: State
    incident: str
    """Its number in the lab, such as INC-0001; empty before the page."""
    asked_at: float | None
    paged_at: float | None
    ended_at: float | None
    problem: str
    """Why it never paged, or why it is void; empty for the others."""


@dataclass(frozen=True)
class Message:
    """Something said to one team, or to all: a message, or a curveball, which wants an answer."""

    id: int
    at: float
    team: str | None
    kind: str
    author: str
    text: str
    answers: tuple[tuple[str, str, float], ...] = ()
    """Team, text and moment of each answer."""
