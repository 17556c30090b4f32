"""What the commands of a game day answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from labctl.actions.answer import Answer


@dataclass(frozen=True)
class TeamLine:
    """One team: its lab, its way in, its members, and how far the incident of the last round is."""

    team: str
    lab: str
    ready: bool
    link: str
    members: tuple[str, ...]
    incident: str
    """The state of its incident in the last round; empty before the first."""


@dataclass(frozen=True)
class GameDay(Answer):
    """A game day: where it is, and how far."""

    schema: ClassVar[str] = "labctl.gameday/1"
    name: str
    title: str
    state: str
    """starting, running or ending."""
    address: str
    hub: bool
    """Whether its hub answers."""
    instructor: str
    """The link that makes whoever opens it the instructor."""
    teams: tuple[TeamLine, ...]
    spares: tuple[str, ...]
    """The spare labs that are up."""
    round: int
    """The last round that began; 0 before the first."""
    rounds: int
    sheet: Path
    """A page with the links, to print."""


@dataclass(frozen=True)
class NewPlan(Answer):
    """The plan of a game day that was written."""

    schema: ClassVar[str] = "labctl.gameday-new/1"
    file: Path
    name: str
    teams: tuple[str, ...]


@dataclass(frozen=True)
class Exported(Answer):
    """What was written of a game day, and where."""

    schema: ClassVar[str] = "labctl.gameday-export/1"
    name: str
    folder: Path
    files: tuple[str, ...]


@dataclass(frozen=True)
class Ended(Answer):
    """A game day that was taken down."""

    schema: ClassVar[str] = "labctl.gameday-down/1"
    name: str
    removed: bool
    """False where there was no such game day."""
    labs: tuple[str, ...]
    exported: Path | None
    """Where its results are."""


ANSWERS: dict[str, tuple[type[Answer], ...]] = {
    "gameday status": (GameDay,),
    "gameday new": (NewPlan,),
    "gameday up": (GameDay,),
    "gameday renew": (GameDay,),
    "gameday export": (Exported,),
    "gameday down": (Ended,),
}
