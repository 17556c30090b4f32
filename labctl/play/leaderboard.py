"""The leaderboard of one machine: every incident that was solved blind, in the labs that are there and the archive.

Right answers first, then the clock with its penalties. An incident counts when labctl chose the fault and the machine
had not told the answer before; all others are practice.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from labctl.base import progress
from labctl.base.errors import LabctlError
from labctl.catalogue import own_folders
from labctl.model.incident import ENDED, Incident, Status
from labctl.model.points import Difficulty, difficulty, points
from labctl.play import played
from labctl.play.debrief import earned
from labctl.play.time_spent import time_spent
from labctl.state.database import Database
from labctl.state.documents import Documents
from labctl.state.journal import Journal
from labctl.state.store import DATABASE_NAME

USUAL_S = 30.0
"""Within so many seconds a fault pages; one that says it takes longer is a slow burner."""
_STAMP = len("-20260101-120000")


@dataclass(frozen=True)
class Result:
    """How one incident went; it does not name the fault."""

    lab: str
    incident: Incident
    category: str
    tracks: tuple[str, ...]
    """The category among them."""
    difficulty: Difficulty
    score: float
    clock_s: float
    spent: Mapping[str, float]
    slow: bool = False
    """Whether the fault takes longer than USUAL_S to show."""

    @property
    def solved(self) -> bool:
        """Whether the root cause was named."""
        return self.incident.status is Status.SOLVED

    @property
    def points(self) -> float:
        """The score, by difficulty: the fault's, raised by fog and by changes near it."""
        return points(self.score, self.difficulty.total)


@dataclass(frozen=True)
class Paged:
    """How long it took from `labctl break` to the page, in seconds; null without an incident."""

    incidents: int
    median_s: float | None
    p95_s: float | None
    slow_burners: int
    """How many are left out: their faults take longer than USUAL_S to show, by nature."""


@dataclass(frozen=True)
class Board:
    """The results that count, the best first, and how many incidents were practice, or void."""

    results: tuple[Result, ...]
    practice: int
    void: int
    """How many incidents an instructor voided: nothing of them counts."""
    paged: Paged
    """How long hidden incidents took to their page, practice among them."""


def board() -> Board:
    """Return the results of all of this user's labs, those taken down included."""
    found = [each for path in played.databases() for each in _results(path)]
    counting = [each for each in found if each.incident.hidden and not each.incident.practice]
    ranked = sorted(counting, key=lambda each: (not each.solved, each.clock_s))
    return Board(tuple(ranked), len(found) - len(counting), _void(), to_page(found))


def _void() -> int:
    every = (each for path in played.databases() for each in played.incidents(path))
    return sum(each.status is Status.VOID and each.page is not None for each in every)


def to_page(results: Iterable[Result]) -> Paged:
    """Return how long hidden incidents took to their page; those of slow faults are counted apart."""
    hidden = [each for each in results if each.incident.hidden and each.incident.break_s is not None]
    took = sorted(each.incident.break_s or 0.0 for each in hidden if not each.slow)
    if not took:
        return Paged(0, None, None, len(hidden))
    late = took[math.ceil(0.95 * len(took)) - 1]
    return Paged(len(took), round(statistics.median(took), 1), late, len(hidden) - len(took))


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
        difficulty(fault.difficulty, incident.around),
        earned(fault, incident).total,
        incident.clock_s(began),
        time_spent(incident, Journal(database).entries(since=began)),
        fault.page_within_s > USUAL_S,
    )


def _lab(path: Path) -> str:
    """Return whose database this is: the folder's name, or the name before the archive's date."""
    return path.parent.name if path.name == DATABASE_NAME else path.stem[:-_STAMP]
