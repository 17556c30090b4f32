"""The board: teams by points, as everybody may see it. It can be frozen, and revealed again."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass

from labctl.gameday.matrix import Matrix, Row
from labctl.gameday.model import State
from labctl.gameday.store import DayStore

KEY = "board"
CODE = "@board"
"""Whose code it is that shows the board: no team can be called so."""


@dataclass(frozen=True)
class Standing:
    """One team on the board: by rounds, its points where one is over, and what goes on in the last one."""

    rank: int
    team: str
    points: float
    rounds: tuple[float | None, ...]
    state: str
    """Of the present incident: ready, starting, open, paused or over; never how it ended."""
    clock_s: float | None
    """Where the clock of an open incident stands; None for none."""


@dataclass(frozen=True)
class Board:
    """The board as it is shown; `frozen_at` is the moment since which it stands (epoch seconds), None while live."""

    standings: tuple[Standing, ...]
    frozen_at: float | None = None


def live(matrix: Matrix) -> Board:
    """Return the board as it is now, by points."""
    ranked = sorted(matrix.rows, key=_place)
    places = [_place(each) for each in ranked]
    # Teams that are equal share a place.
    return Board(tuple(_standing(places.index(_place(each)) + 1, each) for each in ranked))


def shown(store: DayStore, matrix: Matrix) -> Board:
    """Return the board as everybody sees it: the frozen one while it is frozen."""
    kept = (store.get(KEY) or {}).get("frozen")
    if kept is None:
        return live(matrix)
    standings = tuple(Standing(**{**each, "rounds": tuple(each["rounds"])}) for each in kept["standings"])
    return Board(standings, kept["at"])


def freeze(store: DayStore, matrix: Matrix) -> None:
    """Let the board stand as it is; harmless when it stands already."""
    if (store.get(KEY) or {}).get("frozen") is None:
        # Clocks stay away as well: they would tell who has ended.
        standings = [{**asdict(each), "clock_s": None, "state": ""} for each in live(matrix).standings]
        store.set(KEY, {"frozen": {"at": time.time(), "standings": standings}})


def reveal(store: DayStore) -> None:
    """Let the board show everything again."""
    store.set(KEY, {})


def _place(row: Row) -> float:
    return -round(row.points, 1)


def _standing(rank: int, row: Row) -> Standing:
    state, now = row.state, row.glance.incident
    running = state in (State.PAGED, State.PAUSED)
    return Standing(
        rank,
        row.team,
        round(row.points, 1),
        tuple(each.points if each and each.incident.state is State.ENDED else None for each in row.cells),
        _said(state),
        now.clock_s if running and now else None,
    )


def _said(state: str) -> str:
    if state in (State.READY, State.STARTING, State.PAUSED):
        return str(state)
    return "open" if state == State.PAGED else "over"
