"""What somebody asked a lab for that takes minutes, and how far it is: one errand at a time.

It is the lab's, so that a process that was killed at it is known to have been, and another one goes on.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from labctl.state.database import Database
from labctl.state.sealing import seal, unseal

KEY = "errand"
WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
MOST_TRIES = 3
"""A process that was killed so often at the same errand is not started again."""


@dataclass(frozen=True)
class ErrandRecord:
    """An errand; moments are in epoch seconds."""

    what: str
    asked: dict[str, Any]
    at: float
    state: str = WAITING
    tries: int = 0
    steps: tuple[str, ...] = ()
    """What is done, the last one what it is at; a line each."""
    ended_at: float | None = None
    problem: dict[str, str] = field(default_factory=dict)
    """Why it failed: what, expected, todo."""

    @property
    def under_way(self) -> bool:
        """Whether it is not over."""
        return self.state in (WAITING, RUNNING)


@dataclass(frozen=True)
class ErrandFile:
    """Where it is kept: among the settings of a lab's database."""

    database: Database

    def read(self) -> ErrandRecord | None:
        """Return the last errand; None in a lab that never had one."""
        with self.database.reading() as connection:
            return _read(connection)

    def ask(self, what: str, asked: Mapping[str, Any]) -> bool:
        """Note that somebody asked for this; False while another errand is under way."""
        with self.database.writing() as connection:
            known = _read(connection)
            if known and known.under_way:
                return False
            _write(connection, ErrandRecord(what, dict(asked), time.time()))
        return True

    def take(self) -> ErrandRecord | None:
        """Return the errand that is under way, and note that somebody tries it; None when none is.

        One that was tried too often has failed.
        """
        with self.database.writing() as connection:
            known = _read(connection)
            if known is None or not known.under_way:
                return None
            if known.tries >= MOST_TRIES:
                _write(connection, replace(known, state=FAILED, ended_at=time.time(), problem=_GIVEN_UP))
                return None
            taken = replace(known, state=RUNNING, tries=known.tries + 1, steps=())
            _write(connection, taken)
        return taken

    def write(self, record: ErrandRecord) -> None:
        """Write how far the errand is."""
        with self.database.writing() as connection:
            _write(connection, record)


_GIVEN_UP = {
    "what": f"its process was killed {MOST_TRIES} times",
    "expected": "a host that lets it run",
    "todo": "run the command at a terminal: it says more",
}


def _read(connection: sqlite3.Connection) -> ErrandRecord | None:
    row = connection.execute("SELECT value FROM settings WHERE key = ?", (KEY,)).fetchone()
    if row is None:
        return None
    body = json.loads(unseal(row["value"]))
    return ErrandRecord(**{**body, "steps": tuple(body["steps"])})


def _write(connection: sqlite3.Connection, record: ErrandRecord) -> None:
    connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (KEY, seal(json.dumps(asdict(record)))))
