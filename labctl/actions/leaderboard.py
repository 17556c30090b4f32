"""The leaderboard: personal bests on this machine, and where the time went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from labctl.actions.answer import Answer, moment
from labctl.actions.elsewhere import reachable
from labctl.base.words import matching
from labctl.catalogue import drill_plans
from labctl.model.vocabulary import Category
from labctl.play import leaderboard as play_leaderboard
from labctl.play.leaderboard import Board, Paged, Result
from labctl.play.time_spent import total


@dataclass(frozen=True)
class Row:
    """One incident, ranked from 1."""

    rank: int
    lab: str
    incident: str
    ended_at: datetime
    category: str
    difficulty: int
    """The fault's own, 1 to 5."""
    raised: float
    """The same, raised by fog and by harmless changes near the fault: points go by it."""
    fog: str
    drill: str
    """The name of the drill's plan; empty outside of one."""
    status: str
    clock_s: float
    """Seconds from the page to the end, penalties included."""
    wrong_submissions: int
    score: float
    """Of 100."""
    points: float
    """The score by raised difficulty."""


@dataclass(frozen=True)
class Best:
    """The quickest right answer of a track."""

    track: str
    rank: int
    clock_s: float
    points: float


@dataclass(frozen=True)
class Leaderboard(Answer):
    """The hidden incidents of this machine whose answers it had not told before: right answers first, then by time."""

    schema: ClassVar[str] = "labctl.leaderboard/1"
    track: str | None
    drill: str | None
    rows: tuple[Row, ...]
    points: float
    """The sum over the rows."""
    bests: tuple[Best, ...]
    time_spent: dict[str, float]
    """The rows' seconds by what they were spent on: a look-up's command has the time until the next thing was done."""
    practice: int
    """How many incidents are left out: their fault was named, or its answer had been told before."""
    void: int
    """How many incidents an instructor voided, in all labs: nothing of them counts."""
    to_page: Paged
    """How long all hidden incidents took from `labctl break` to their page, practice among them."""


@dataclass(frozen=True)
class Choices:
    """What a leaderboard can be narrowed to."""

    tracks: tuple[str, ...]
    drills: tuple[str, ...]


@reachable
def leaderboard(track: str = "", drill: str = "") -> Leaderboard:
    """Return the results of all labs, those taken down included: of a track's faults, and of a drill's incidents.

    Raises NotFoundError.
    """
    found = play_leaderboard.board()
    known = _choices(found)
    chosen = matching("track", track, known.tracks) if track else None
    plan = matching("drill", drill, known.drills) if drill else None
    results = tuple(
        each
        for each in found.results
        if (chosen is None or chosen in each.tracks) and (plan is None or each.incident.around.drill == plan)
    )
    return Leaderboard(
        chosen,
        plan,
        tuple(_row(rank, each) for rank, each in enumerate(results, start=1)),
        round(sum(each.points for each in results), 1),
        _bests(results),
        {what: round(seconds, 1) for what, seconds in total(each.spent for each in results).items()},
        found.practice,
        found.void,
        found.paged,
    )


def choices() -> Choices:
    """Return what a leaderboard can be narrowed to."""
    return _choices(play_leaderboard.board())


def _choices(board: Board) -> Choices:
    tracks = {*map(str, Category), *(track for each in board.results for track in each.tracks)}
    drills = {*drill_plans.FIRST, *(each.incident.around.drill for each in board.results)} - {""}
    return Choices(tuple(sorted(tracks)), tuple(sorted(drills)))


def _bests(results: tuple[Result, ...]) -> tuple[Best, ...]:
    return tuple(
        Best(track, results.index(each) + 1, round(each.clock_s, 1), each.points)
        for track, each in play_leaderboard.bests(results).items()
    )


def _row(rank: int, each: Result) -> Row:
    incident = each.incident
    return Row(
        rank,
        each.lab,
        incident.id,
        moment(incident.ended_at or incident.injected_at),
        each.category,
        each.difficulty.fault,
        each.difficulty.total,
        incident.around.fog,
        incident.around.drill,
        str(incident.status),
        round(each.clock_s, 1),
        incident.wrong,
        each.score,
        each.points,
    )
