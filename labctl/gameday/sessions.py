"""Codes that let in, and the sessions of who was let in: only hashes can be looked up, and sessions can be revoked."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import time
from dataclasses import dataclass

from labctl.gameday.model import BROWSER, Caller, Member
from labctl.gameday.people import member_of
from labctl.state.database import Database
from labctl.state.sealing import seal, unseal

CODE_BYTES = 16
"""128 bits: nobody guesses one."""
TOKEN_BYTES = 32
SESSION_S = 86400.0
MOST_SESSIONS = 10
"""Open sessions of one member; the oldest end when there are more."""
INSTRUCTOR = ""
"""Whose code it is that lets the instructor in: that of no team."""
_LONGEST = 200


@dataclass(frozen=True)
class Sessions:
    """Where they are kept."""

    database: Database

    def code(self, team: str) -> str:
        """Return a team's code, or the instructor's; a new one where there was none."""
        with self.database.writing() as connection:
            row = connection.execute("SELECT sealed FROM codes WHERE team = ?", (team,)).fetchone()
            return unseal(row["sealed"]) if row else _new_code(connection, team)

    def renew(self, team: str) -> str:
        """Return a new code of a team, or the instructor's; the old one lets nobody in any more."""
        with self.database.writing() as connection:
            return _new_code(connection, team)

    def whose(self, code: str) -> str | None:
        """Return the team that a code lets into, INSTRUCTOR, or None for what is no code."""
        with self.database.reading() as connection:
            row = connection.execute("SELECT team FROM codes WHERE hash = ?", (digest(code),)).fetchone()
        return None if row is None else str(row["team"])

    def begin(self, member: Member | None, kind: str = BROWSER) -> str:
        """Begin a session of a member, or the instructor's, and return its token, which is kept nowhere."""
        token, now = secrets.token_urlsafe(TOKEN_BYTES), time.time()
        number = member.id if member else None
        with self.database.writing() as connection:
            row = (number, kind, digest(token), now, now + SESSION_S)
            connection.execute("INSERT INTO sessions VALUES (NULL, ?, ?, ?, ?, ?, NULL)", row)
            connection.execute(
                "UPDATE sessions SET revoked_at = ? WHERE revoked_at IS NULL AND member IS ? AND id NOT IN"
                " (SELECT id FROM sessions WHERE revoked_at IS NULL AND member IS ? ORDER BY id DESC LIMIT ?)",
                (now, number, number, MOST_SESSIONS),
            )
        return token

    def caller(self, token: str) -> Caller | None:
        """Return who has this token; None for a token that is none, is over, or was revoked."""
        if not token or len(token) > _LONGEST:
            return None
        with self.database.reading() as connection:
            row = connection.execute(
                "SELECT sessions.id AS session, sessions.kind, sessions.member, members.* FROM sessions"
                " LEFT JOIN members ON members.id = sessions.member"
                " WHERE hash = ? AND revoked_at IS NULL AND ends_at > ?",
                (digest(token), time.time()),
            ).fetchone()
        if row is None:
            return None
        return Caller(row["session"], row["kind"], None if row["member"] is None else member_of(row))

    def still(self, session: int) -> bool:
        """Whether a session is neither over nor revoked."""
        with self.database.reading() as connection:
            row = connection.execute(
                "SELECT 1 FROM sessions WHERE id = ? AND revoked_at IS NULL AND ends_at > ?", (session, time.time())
            ).fetchone()
        return row is not None

    def revoke(self, session: int) -> None:
        """End one session."""
        self._end("id = ?", session)

    def revoke_member(self, member: int) -> None:
        """End all sessions of a member: they may come in again by their team's code."""
        self._end("member = ?", member)

    def revoke_team(self, team: str) -> None:
        """End all sessions of a team's members."""
        self._end("member IN (SELECT id FROM members WHERE team = ?)", team)

    def revoke_instructor(self) -> None:
        """End all sessions of the instructor."""
        self._end("member IS ?", None)

    def _end(self, which: str, value: int | str | None) -> None:
        with self.database.writing() as connection:
            statement = f"UPDATE sessions SET revoked_at = ? WHERE revoked_at IS NULL AND {which}"  # noqa: S608 - ours
            connection.execute(statement, (time.time(), value))


def digest(secret: str) -> str:
    """Return what is kept of a code or a token: they are random, so that a plain hash can't be guessed back."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _new_code(connection: sqlite3.Connection, team: str) -> str:
    code = secrets.token_urlsafe(CODE_BYTES)
    row = (team, digest(code), seal(code), time.time())
    connection.execute("INSERT OR REPLACE INTO codes VALUES (?, ?, ?, ?)", row)
    return code
