"""The leaderboard of one machine: every incident that was solved blind, in the labs that are there and the archive.

Right answers first, then the clock with its penalties. An incident counts when labctl chose the fault and the machine
had not told the answer before; all others are practice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from labctl.base import progress
from labctl.base.errors import LabctlError
from labctl.catalogue import own_folders
from labctl.model.incident import ENDED, Incident, Status
from labctl.model.points import points
from labctl.play import played
from labctl.play.debrief import earned
from labctl.play.time_spent import time_spent
from labctl.state.database import Database
from labctl.state.documents import Documents
from labctl.state.journal import Journal
from labctl.state.store import DATABASE_NAME

_STAMP = len("-20260101-120000")


@dataclass(frozen=True)
class Result:
    """How one incident went; it does not name the fault."""

    lab: str
    incident: Incident
    category: str
    tracks: tuple[str, ...]
    """The category among them."""
    difficulty: int
    score: float
    clock_s: float
    spent: Mapping[str, float]

    @property
    def solved(self) -> bool:
        """Whether the root cause was named."""
        return self.incident.status is Status.SOLVED

    @property
    def points(self) -> float:
        """The score, by difficulty."""
        return points(self.score, self.difficulty)


@dataclass(frozen=True)
class Board:
    """The results that count, the best first, and how many incidents were practice."""

    results: tuple[Result, ...]
    practice: int


def board() -> Board:
    """Return the results of all of this user's labs, those taken down included."""
    found = [each for path in played.databases() for each in _results(path)]
    counting = [each for each in found if each.incident.hidden and not each.incident.practice]
    ranked = sorted(counting, key=lambda each: (not each.solved, each.clock_s))
    return Board(tuple(ranked), len(found) - len(counting))


def bests(results: tuple[Result, ...]) -> dict[str, Result]:
    """Return by track the best of the results, which are ranked; a track without a right answer is left out."""
    found: dict[str, Result] = {}
    for each in results:
        for track in each.tracks if each.solved else ():
            found.setdefault(track, each)
    return dict(sorted(found.items()))


def _results(path: Path) -> Iterator[Result]:
    ended = [each for each in played.incidents(path) if each.status in ENDED and each.page]
    for incident in ended:
        try:
            yield _result(path, incident)
        except LabctlError as error:
            progress.warn(f"an incident is left out: {error.what}")


def _result(path: Path, incident: Incident) -> Result:
    database = Database(path)
    fault = own_folders.recall(Documents(database), incident.fault)
    began = incident.page.at if incident.page else incident.injected_at
    return Result(
        _lab(path),
        incident,
        str(fault.category),
        tuple(sorted({str(fault.category), *fault.tracks})),
        fault.difficulty,
        earned(fault, incident).total,
        incident.clock_s(began),
        time_spent(incident, Journal(database).entries(since=began)),
    )


def _lab(path: Path) -> str:
    """Return whose database this is: the folder's name, or the name before the archive's date."""
    return path.parent.name if path.name == DATABASE_NAME else path.stem[:-_STAMP]
