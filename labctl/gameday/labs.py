"""The labs of a game day: which is whose, which is spare, where the room of each listens."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from labctl.base.errors import LabStateError, NotFoundError
from labctl.gameday.model import LOCAL, LabSeat, Team
from labctl.state.database import Database


@dataclass(frozen=True)
class Labs:
    """Where they are kept."""

    database: Database

    def plan(self, seats: Iterable[LabSeat]) -> None:
        """Note the labs of a new game day; those that are noted already stay as they are."""
        with self.database.writing() as connection:
            for each in seats:
                row = (each.name, each.team, each.port, each.host, each.ready)
                connection.execute("INSERT OR IGNORE INTO labs VALUES (?, ?, ?, ?, ?)", row)

    def all(self) -> list[LabSeat]:
        """Return every lab, those of teams first."""
        with self.database.reading() as connection:
            rows = connection.execute("SELECT * FROM labs ORDER BY team IS NULL, rowid").fetchall()
        return [_seat(row) for row in rows]

    def teams(self) -> list[Team]:
        """Return the teams in the order of the plan."""
        return [Team(each.team, each.name, each.port, each.host) for each in self.all() if each.team is not None]

    def team(self, name: str) -> Team:
        """Return a team. Raises NotFoundError."""
        with self.database.reading() as connection:
            row = connection.execute("SELECT * FROM labs WHERE team = ?", (name,)).fetchone()
        if row is None:
            raise NotFoundError("team", name, [each.name for each in self.teams()])
        return Team(name, row["name"], row["port"], row["host"])

    def host_of(self, lab: str) -> str:
        """Return where a lab is; on this host where it is not known."""
        with self.database.reading() as connection:
            row = connection.execute("SELECT host FROM labs WHERE name = ?", (lab,)).fetchone()
        return str(row["host"]) if row else LOCAL

    def lost(self, lab: str) -> None:
        """Note that a lab is not up any more."""
        with self.database.writing() as connection:
            connection.execute("UPDATE labs SET ready = 0 WHERE name = ?", (lab,))

    def ready(self, lab: str, port: int) -> None:
        """Note that a lab is up, and where its room listens."""
        with self.database.writing() as connection:
            connection.execute("UPDATE labs SET ready = 1, port = ? WHERE name = ?", (port, lab))

    def swap(self, team: str) -> Team:
        """Give a team a spare lab that is ready; its old one is left over, and not ready. Raises LabStateError."""
        with self.database.writing() as connection:
            spare = connection.execute("SELECT name FROM labs WHERE team IS NULL AND ready LIMIT 1").fetchone()
            if spare is None:
                raise LabStateError("no spare lab is ready", expected="one", todo="heal the team's lab instead")
            connection.execute("UPDATE labs SET team = NULL, ready = 0 WHERE team = ?", (team,))
            connection.execute("UPDATE labs SET team = ? WHERE name = ?", (team, spare["name"]))
        return self.team(team)


def _seat(row: sqlite3.Row) -> LabSeat:
    return LabSeat(row["name"], row["team"], row["port"], row["host"], bool(row["ready"]))
