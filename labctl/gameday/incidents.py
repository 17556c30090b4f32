"""The incidents of a game day, one for each round and team, and the states that each goes through."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from labctl.base.errors import LabStateError, NotFoundError
from labctl.gameday.model import NEXT, UNDER_WAY, State, Team, TeamIncident
from labctl.state.database import Database
from labctl.state.sealing import seal, unseal

_FIELDS = tuple(field.name for field in fields(TeamIncident))
_COLUMNS = {State.STARTING: "asked_at", State.ENDED: "ended_at"}
"""The moment that is noted when a state is reached; that of the page is the page's own."""


@dataclass(frozen=True)
class Incidents:
    """Where they are kept."""

    database: Database

    def begin_round(self, number: int, body: dict[str, Any], teams: Iterable[Team]) -> dict[str, Any]:
        """Note a round and an incident for each team that has none in it; return the round as it was noted first.

        What a round plays is the same for all teams, whenever each of them begins. It is sealed: it may name the fault.
        """
        with self.database.writing() as connection:
            row = (number, seal(json.dumps(body)), time.time())
            connection.execute("INSERT OR IGNORE INTO rounds VALUES (?, ?, ?)", row)
            for each in teams:
                values = (number, each.name, each.lab, str(State.READY))
                connection.execute(
                    "INSERT OR IGNORE INTO incidents (round, team, lab, state) VALUES (?, ?, ?, ?)", values
                )
            return _body(connection, number) or body

    def round(self, number: int) -> dict[str, Any] | None:
        """Return what a round plays; None for one that has not begun."""
        with self.database.reading() as connection:
            return _body(connection, number)

    def last_round(self) -> int:
        """Return the number of the last round that began; 0 before the first."""
        with self.database.reading() as connection:
            return int(connection.execute("SELECT COALESCE(MAX(number), 0) FROM rounds").fetchone()[0])

    def all(self) -> list[TeamIncident]:
        """Return every incident, in the order in which they were asked for."""
        with self.database.reading() as connection:
            return [_incident(row) for row in connection.execute("SELECT * FROM incidents ORDER BY id").fetchall()]

    def of(self, number: int) -> list[TeamIncident]:
        """Return the incidents of a round that count, one for each team."""
        return [each for each in self.all() if each.round == number and each.state is not State.VOID]

    def under_way(self) -> list[TeamIncident]:
        """Return those that have begun and not ended."""
        return [each for each in self.all() if each.state in UNDER_WAY]

    def find(self, number: int) -> TeamIncident:
        """Return one. Raises NotFoundError."""
        with self.database.reading() as connection:
            return _find(connection, number)

    def become(
        self,
        number: int,
        state: State,
        *,
        at: float | None = None,
        incident: str | None = None,
        problem: str | None = None,
    ) -> TeamIncident:
        """Move an incident on to a state; harmless where it is there already. Raises LabStateError, NotFoundError."""
        with self.database.writing() as connection:
            known = _find(connection, number)
            if known.state is not state and state not in NEXT[known.state]:
                raise LabStateError(
                    f"the incident of the team {known.team} is {known.state}, and can't become {state}",
                    expected=f"one that is {' or '.join(each for each in State if state in NEXT[each])}",
                )
            changed: dict[str, object] = {"state": str(state)}
            if known.state is not state and state in _COLUMNS:
                changed[_COLUMNS[state]] = time.time() if at is None else at
            if state is State.PAGED and known.paged_at is None:
                changed["paged_at"] = time.time() if at is None else at
            changed |= {
                name: value for name, value in (("incident", incident), ("problem", problem)) if value is not None
            }
            names = ", ".join(f"{name} = ?" for name in changed)
            statement = f"UPDATE incidents SET {names} WHERE id = ?"  # noqa: S608 - names of columns, ours
            connection.execute(statement, (*changed.values(), number))
            return _find(connection, number)

    def keep_result(self, number: int, body: dict[str, Any]) -> None:
        """Keep how an incident went: a lab tells of its last one alone."""
        with self.database.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO results VALUES (?, ?)", (number, seal(json.dumps(body))))

    def result(self, number: int) -> dict[str, Any] | None:
        """Return how an incident went; None where that was not kept."""
        with self.database.reading() as connection:
            row = connection.execute("SELECT body FROM results WHERE incident = ?", (number,)).fetchone()
        if row is None:
            return None
        body: dict[str, Any] = json.loads(unseal(row["body"]))
        return body

    def move(self, number: int, lab: str) -> None:
        """Note that an incident is played in another lab from now on."""
        with self.database.writing() as connection:
            connection.execute("UPDATE incidents SET lab = ? WHERE id = ?", (lab, number))


def _find(connection: sqlite3.Connection, number: int) -> TeamIncident:
    row = connection.execute("SELECT * FROM incidents WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise NotFoundError("incident", str(number), [])
    return _incident(row)


def _incident(row: sqlite3.Row) -> TeamIncident:
    return TeamIncident(**{**{name: row[name] for name in _FIELDS}, "state": State(row["state"])})


def _body(connection: sqlite3.Connection, number: int) -> dict[str, Any] | None:
    row = connection.execute("SELECT body FROM rounds WHERE number = ?", (number,)).fetchone()
    if row is None:
        return None
    body: dict[str, Any] = json.loads(unseal(row["body"]))
    return body
