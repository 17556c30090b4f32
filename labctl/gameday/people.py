"""Who is in which team, and what they do there."""

from __future__ import annotations

import sqlite3
import time
import unicodedata
from dataclasses import dataclass

from labctl.base.errors import InputError, LabStateError, NotFoundError
from labctl.gameday.model import SINGLE, Member, Role
from labctl.state.database import Database

LONGEST_NAME = 32
MOST_MEMBERS = 20
"""Members of one team: whoever has a team's code makes no more of them."""
_KINDS = frozenset({"L", "M", "N"})
_ALSO = frozenset(" .-'_")


def plain_name(text: str) -> str:
    """Return a person's name: letters, digits and a few signs of any script, one space between words.

    Raises InputError. What looks alike is one name: compatibility forms are made one (NFKC).
    """
    name = " ".join(unicodedata.normalize("NFKC", text).split())
    allowed = all(each in _ALSO or unicodedata.category(each)[0] in _KINDS for each in name)
    if not name or len(name) > LONGEST_NAME or not allowed or not any(each.isalnum() for each in name):
        raise InputError(
            "that is no name for a member",
            expected=f"at most {LONGEST_NAME} letters, digits, spaces, dots, dashes or apostrophes",
        )
    return name


@dataclass(frozen=True)
class People:
    """Where they are kept."""

    database: Database

    def join(self, team: str, name: str) -> Member:
        """Return the member of a team with this name, new where there was none. Raises InputError, LabStateError."""
        shown, folded = plain_name(name), _folded(name)
        with self.database.writing() as connection:
            known = _find(connection, team, folded)
            if known:
                return known
            if connection.execute("SELECT COUNT(*) FROM members WHERE team = ?", (team,)).fetchone()[0] >= MOST_MEMBERS:
                raise LabStateError(
                    f"the team {team} has {MOST_MEMBERS} members already", expected="a name that is in the team"
                )
            now = time.time()
            done = connection.execute("INSERT INTO members VALUES (NULL, ?, ?, ?, NULL, ?)", (team, shown, folded, now))
            return Member(done.lastrowid or 0, team, shown, None, now)

    def of(self, team: str) -> list[Member]:
        """Return the members of a team, in the order in which they came."""
        with self.database.reading() as connection:
            rows = connection.execute("SELECT * FROM members WHERE team = ? ORDER BY id", (team,)).fetchall()
        return [member_of(row) for row in rows]

    def member(self, number: int) -> Member:
        """Return a member. Raises NotFoundError."""
        with self.database.reading() as connection:
            row = connection.execute("SELECT * FROM members WHERE id = ?", (number,)).fetchone()
        if row is None:
            raise NotFoundError("member", str(number), [])
        return member_of(row)

    def take(self, member: Member, role: Role | None) -> None:
        """Give a member a role, or none; one that only one has is taken from whoever had it."""
        with self.database.writing() as connection:
            if role in SINGLE:
                whose = (member.team, str(role))
                connection.execute("UPDATE members SET role = NULL WHERE team = ? AND role = ?", whose)
            value = None if role is None else str(role)
            connection.execute("UPDATE members SET role = ? WHERE id = ?", (value, member.id))


def member_of(row: sqlite3.Row) -> Member:
    """Return the member that a row states."""
    role = Role(row["role"]) if row["role"] else None
    return Member(row["id"], row["team"], row["name"], role, row["joined_at"])


def _folded(name: str) -> str:
    return plain_name(name).casefold()


def _find(connection: sqlite3.Connection, team: str, folded: str) -> Member | None:
    row = connection.execute("SELECT * FROM members WHERE team = ? AND folded = ?", (team, folded)).fetchone()
    return None if row is None else member_of(row)
