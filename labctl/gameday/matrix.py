"""The matrix of teams by incidents, as it is now: what the instructor watches."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from threading import Lock

from labctl.actions.overview import Glance
from labctl.gameday import report, servers
from labctl.gameday.model import LabSeat, State, TeamIncident
from labctl.gameday.servers.server import Looker
from labctl.gameday.store import DayStore

FRESH_S = 0.9
"""Whoever asks again sooner gets the same answer."""


@dataclass(frozen=True)
class Cell:
    """One team's incident of one round that counts, or the last void one; `points` once it is over."""

    incident: TeamIncident
    points: float | None
    voided: int
    """How many void ones came before it."""


@dataclass(frozen=True)
class Row:
    """One team: its lab now, what is seen of it, and its incidents by round, None for one that has not begun."""

    team: str
    seat: LabSeat
    glance: Glance
    cells: tuple[Cell | None, ...]

    @property
    def current(self) -> Cell | None:
        """The incident of the last round that has begun."""
        return next((each for each in reversed(self.cells) if each is not None), None)

    @property
    def points(self) -> float:
        """The points of all rounds."""
        return sum(each.points or 0.0 for each in self.cells if each)

    @property
    def state(self) -> str:
        """How far the present incident is, by the lab's own word where it has one."""
        if self.current is None:
            return State.READY
        mine, kept = self.glance.incident, self.current.incident
        if mine is None or mine.incident != kept.incident or kept.state is State.VOID:
            return kept.state
        if mine.status == "open":
            return kept.state if kept.state is State.ENDED else State.PAUSED if mine.paused_since else State.PAGED
        return mine.status


@dataclass(frozen=True)
class Matrix:
    """All teams, in the order of the plan."""

    rows: tuple[Row, ...]
    rounds: int
    last_round: int
    """The last that has begun; 0 before the first."""
    spares: tuple[LabSeat, ...]

    @property
    def version(self) -> str:
        """Return what differs once there is something new to see; clocks run by themselves."""
        facts = [(each.team, each.seat, each.cells, _still(each.glance)) for each in self.rows]
        text = repr((facts, self.last_round, self.spares))
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


@dataclass
class Overseer:
    """Looks at all labs of a game day; whoever watches shares the cost."""

    store: DayStore
    rounds: int
    _onlookers: dict[str, Looker] = field(default_factory=dict, repr=False)
    _points: dict[int, float] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)
    _seen: Matrix | None = field(default=None, repr=False)
    _at: float = field(default=float("-inf"), repr=False)

    def look(self, *, afresh: bool = False) -> Matrix:
        """Return the matrix now; while somebody else looks, the one before."""
        if not self._lock.acquire(blocking=self._seen is None or afresh):
            assert self._seen is not None  # noqa: S101 - for the type checker: without one, it was waited for
            return self._seen
        try:
            if self._seen is None or afresh or time.monotonic() - self._at > FRESH_S:
                self._seen = self._looked()
                self._at = time.monotonic()
            return self._seen
        finally:
            self._lock.release()

    def _looked(self) -> Matrix:
        seats = self.store.labs.all()
        found = self.store.incidents.all()
        rows = tuple(self._row(each.team, each, found) for each in seats if each.team is not None)
        last = max((each.round for each in found), default=0)
        return Matrix(rows, self.rounds, last, tuple(each for each in seats if each.team is None))

    def _row(self, team: str, seat: LabSeat, found: list[TeamIncident]) -> Row:
        own = [each for each in found if each.team == team]
        cells = tuple(self._cell([each for each in own if each.round == at]) for at in range(1, self.rounds + 1))
        return Row(team, seat, self._glance(seat), cells)

    def _glance(self, seat: LabSeat) -> Glance:
        if not seat.ready:
            return Glance(seat.name, troubles=("the lab is not up",))
        if seat.name not in self._onlookers:
            self._onlookers[seat.name] = servers.of(self.store, seat.name).onlooker()
        return self._onlookers[seat.name].look()

    def _cell(self, own: list[TeamIncident]) -> Cell | None:
        if not own:
            return None
        counting = [each for each in own if each.state is not State.VOID]
        shown = (counting or own)[-1]
        return Cell(shown, self._worth(shown), sum(each.state is State.VOID for each in own if each is not shown))

    def _worth(self, each: TeamIncident) -> float | None:
        """Return the points of an incident that is over: they stay what they are."""
        if each.state is not State.ENDED:
            return None
        if each.id not in self._points:
            found = report.worth(self.store, each)
            if found is None:
                return 0.0 if each.problem else None  # its lab could not tell; or it is being written down
            self._points[each.id] = found
        return self._points[each.id]


def _still(glance: Glance) -> object:
    """Return what is seen of a lab, without the figures that change with every second."""
    now = glance.incident
    told = (now.incident, now.status, now.wrong_submissions, now.paused_since, now.limit_s) if now else None
    return told, glance.last_look, glance.hypotheses, glance.wrong, glance.mitigations, glance.busy, glance.troubles
