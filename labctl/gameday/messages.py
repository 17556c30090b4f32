"""What is said to teams, and what they answer."""

from __future__ import annotations

import time
from dataclasses import dataclass

from labctl.base.errors import NotFoundError
from labctl.gameday.model import Message
from labctl.state.database import Database

MESSAGE, CURVEBALL = "message", "curveball"
LONGEST = 2000


@dataclass(frozen=True)
class Messages:
    """Where they are kept."""

    database: Database

    def send(self, text: str, *, team: str | None = None, kind: str = MESSAGE, author: str = "instructor") -> int:
        """Say something to a team, or to all, and return its number."""
        with self.database.writing() as connection:
            row = (time.time(), team, kind, author, text[:LONGEST])
            return int(connection.execute("INSERT INTO messages VALUES (NULL, ?, ?, ?, ?, ?)", row).lastrowid or 0)

    def answer(self, message: int, *, team: str, author: str, text: str) -> None:
        """Note a team's answer. Raises NotFoundError for a message that was not said to this team."""
        if not any(each.id == message for each in self.to(team)):
            raise NotFoundError("message", str(message), [])
        with self.database.writing() as connection:
            row = (message, team, author, text[:LONGEST], time.time())
            connection.execute("INSERT INTO answers VALUES (?, ?, ?, ?, ?)", row)

    def to(self, team: str) -> list[Message]:
        """Return what was said to a team, the newest last, with its own answers only."""
        mine = [each for each in self.all() if each.team in (None, team)]
        return [
            Message(*_plain(each), answers=tuple(answer for answer in each.answers if answer[0] == team))
            for each in mine
        ]

    def all(self) -> list[Message]:
        """Return everything that was said, the newest last."""
        with self.database.reading() as connection:
            rows = connection.execute("SELECT * FROM messages ORDER BY id").fetchall()
            answers = connection.execute("SELECT * FROM answers ORDER BY at").fetchall()
        by_message: dict[int, list[tuple[str, str, float]]] = {}
        for each in answers:
            by_message.setdefault(each["message"], []).append((each["team"], each["text"], each["at"]))
        return [Message(**dict(row), answers=tuple(by_message.get(row["id"], ()))) for row in rows]


def _plain(message: Message) -> tuple[int, float, str | None, str, str, str]:
    return message.id, message.at, message.team, message.kind, message.author, message.text
