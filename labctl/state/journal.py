"""The append-only record of everything that happened to a lab, the learners' look-ups included.

Every entry's hash covers the one before it, so that a changed, removed or swapped entry shows.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from dataclasses import dataclass
from typing import Any

from labctl.state.database import Database

FIRST_HASH = "0" * 64
LOOK_UP = "look-up"
"""The kind of entry that a look-up appends; its payload: {"command": …, plus the look-up's arguments}."""


@dataclass(frozen=True)
class Entry:
    """One thing that happened, at `at` (epoch seconds). Numbers count from 0 without gaps."""

    number: int
    at: float
    kind: str
    payload: dict[str, Any]
    hash: str


@dataclass(frozen=True)
class Journal:
    """The journal in a lab's database. Appending needs no lab lock, so look-ups go on while a command runs."""

    database: Database

    def looked_up(self, command: str, **asked: object) -> Entry:
        """Record that the learner looked at something; works while another command holds the lab."""
        return self.append(LOOK_UP, {"command": command, **asked})

    def append(self, kind: str, payload: dict[str, Any]) -> Entry:
        """Add one entry; `payload` is JSON and must never name a hidden fault."""
        with self.database.writing() as connection:
            return append_within(connection, kind, payload)

    def entries(self, *, since: float = 0.0, kind: str | None = None) -> list[Entry]:
        """Return the entries from `since` (epoch seconds) on, oldest first, of one kind or of all."""
        query = "SELECT * FROM journal WHERE at >= ? AND (? IS NULL OR kind = ?) ORDER BY number"
        with self.database.reading() as connection:
            return [_entry(row) for row in connection.execute(query, (since, kind, kind))]

    def count(self, *kinds: str) -> int:
        """Return how many entries there are of these kinds."""
        query = f"SELECT count(*) FROM journal WHERE kind IN ({', '.join('?' * len(kinds))})"  # noqa: S608 - only marks
        with self.database.reading() as connection:
            return int(connection.execute(query, kinds).fetchone()[0])

    def last_at(self) -> float:
        """Return when the last entry was added, in epoch seconds; 0 without one."""
        with self.database.reading() as connection:
            return float(connection.execute("SELECT max(at) FROM journal").fetchone()[0] or 0.0)

    def holds(self, kind: str, payload: dict[str, Any], *, since: float) -> bool:
        """Whether there is such an entry from `since` (epoch seconds) on."""
        query = "SELECT 1 FROM journal WHERE at >= ? AND kind = ? AND payload = ? LIMIT 1"
        with self.database.reading() as connection:
            return connection.execute(query, (since, kind, canonical(payload))).fetchone() is not None

    def head(self) -> tuple[int, str | None]:
        """Return how many entries there are, and the last one's hash, whatever became of what they hold."""
        with self.database.reading() as connection:
            count = int(connection.execute("SELECT count(*) FROM journal").fetchone()[0])
            last = connection.execute("SELECT hash FROM journal ORDER BY number DESC LIMIT 1").fetchone()
        return count, str(last["hash"]) if last else None

    def verify(self) -> int | None:
        """Return the number of the first entry that was changed, removed or swapped; None when all are intact."""
        previous = FIRST_HASH
        with self.database.reading() as connection:
            rows = connection.execute("SELECT * FROM journal ORDER BY number").fetchall()
        for expected, row in enumerate(rows):
            if row["number"] != expected or row["hash"] != chain(
                previous, row["number"], row["at"], row["kind"], row["payload"]
            ):
                return expected
            previous = row["hash"]
        return None


def append_within(connection: sqlite3.Connection, kind: str, payload: dict[str, Any]) -> Entry:
    """Add one entry within the caller's transaction."""
    text = canonical(payload)
    last = connection.execute("SELECT number, hash FROM journal ORDER BY number DESC LIMIT 1").fetchone()
    number, previous = (last["number"] + 1, last["hash"]) if last else (0, FIRST_HASH)
    at = time.time()
    entry = Entry(number, at, kind, payload, chain(previous, number, at, kind, text))
    connection.execute(
        "INSERT INTO journal (number, at, kind, payload, hash) VALUES (?, ?, ?, ?, ?)",
        (number, at, kind, text, entry.hash),
    )
    return entry


def canonical(payload: dict[str, Any]) -> str:
    """Return the one JSON text of a payload: sorted keys, no spaces."""
    return json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def chain(previous: str, number: int, at: float, kind: str, payload: str) -> str:
    """Return the hash of an entry that follows `previous`."""
    text = json.dumps([previous, number, at, kind, payload])
    return hashlib.sha256(text.encode()).hexdigest()


def _entry(row: sqlite3.Row) -> Entry:
    return Entry(row["number"], row["at"], row["kind"], json.loads(row["payload"]), row["hash"])
