"""How the incidents of a game day went: kept when each ends, and again before its lab forgets it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from labctl.base import progress
from labctl.base.errors import LabctlError
from labctl.gameday import servers
from labctl.gameday.model import State, TeamIncident
from labctl.gameday.store import DayStore


@dataclass(frozen=True)
class Result:
    """How one team's incident in one round went; null what is not known."""

    round: int
    team: str
    lab: str
    incident: str
    state: str
    outcome: str | None
    """How it ended: solved, locked, given-up or timed-out."""
    clock_s: float | None
    wrong_submissions: int | None
    score: float | None
    points: float | None
    problem: str


COLUMNS = tuple(Result.__dataclass_fields__)


def keep(store: DayStore, each: TeamIncident) -> None:
    """Keep how an incident went. Raises LabctlError where its lab can't tell."""
    told = servers.of(store, each.lab).told()
    if told["debrief"]["incident"] != each.incident:
        return  # the lab has gone on: what was kept before is all there is
    store.incidents.keep_result(each.id, told)


def keep_all(store: DayStore) -> list[LabctlError]:
    """Keep again what may have been written since each lab's last incident ended; return what went wrong."""
    problems: list[LabctlError] = []
    last = {each.lab: each for each in store.incidents.all() if each.state is State.ENDED}
    for each in last.values():
        try:
            keep(store, each)
        except LabctlError as problem:
            problems.append(problem)
            progress.warn(f"the last words on {each.team}'s {each.incident} could not be read: {problem.what}")
    return problems


def results(store: DayStore) -> tuple[Result, ...]:
    """Return how every incident went, by round and team."""
    found = (_result(each, store.incidents.result(each.id)) for each in store.incidents.all())
    return tuple(sorted(found, key=lambda each: (each.round, each.team)))


def _result(each: TeamIncident, kept: dict[str, Any] | None) -> Result:
    told: dict[str, Any] = kept["debrief"] if kept else {}
    return Result(
        each.round,
        each.team,
        each.lab,
        each.incident,
        str(each.state),
        told.get("status"),
        told.get("clock_s"),
        len(told["wrong"]) if told else None,
        told["score"]["total"] if told else None,
        told.get("points"),
        each.problem,
    )


def as_csv(rows: Iterable[Result]) -> str:
    """Return results as CSV. What a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(getattr(row, name)) for name in COLUMNS] for row in rows)
    return out.getvalue()


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
