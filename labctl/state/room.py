"""A lab's incident room: its port, its secret, and the one-time tokens that let a browser in.

All of it is the lab's, so a room that was killed comes back at the same address, and whoever was in it still is.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
import time
from dataclasses import asdict, dataclass, field, replace

from labctl.state.database import Database
from labctl.state.sealing import seal, unseal

KEY = "room"
TOKEN_S = 600.0
"""How long a one-time token is good for."""
MOST_TOKENS = 20
HOST = "127.0.0.1"


@dataclass(frozen=True)
class RoomRecord:
    """What a room is; `tokens` are the hashes of those that nobody used yet, with the epoch seconds of their end."""

    port: int
    secret: str
    open: bool = True
    """Whether it should be running."""
    left: dict[str, float] = field(default_factory=dict)
    """The hashes of terminals' sessions that were ended before their time, with the epoch seconds of that time."""
    tokens: dict[str, float] = field(default_factory=dict)
    prefix: str = ""
    """The path below which it lives, where a front chose one; else its own."""
    front: str = ""
    """The file with the secret of the front that it is behind; empty for a room of one's own."""

    def address(self, name: str) -> str:
        """Return where the room of the lab `name` is, on this host."""
        return f"http://{HOST}:{self.port}{self.prefix or prefix_of(name)}/"


@dataclass(frozen=True)
class RoomFile:
    """Where it is kept: among the settings of a lab's database."""

    database: Database

    def read(self) -> RoomRecord | None:
        """Return what is known of the room; None in a lab that never had one."""
        with self.database.reading() as connection:
            return _read(connection)

    def open(self, port: int, prefix: str = "", front: str = "") -> RoomRecord:
        """Note that the room should be running at this port, and behind which front; its secret stays what it was."""
        with self.database.writing() as connection:
            known = _read(connection) or RoomRecord(port, secrets.token_urlsafe(32))
            return _write(connection, replace(known, port=port, open=True, prefix=prefix, front=front))

    def close(self) -> None:
        """Note that the room should not be running, and forget its secret: whoever was in it is out."""
        with self.database.writing() as connection:
            known = _read(connection)
            if known:
                _write(connection, RoomRecord(known.port, secrets.token_urlsafe(32), open=False))

    def mint(self) -> str:
        """Return a new token, good once and for TOKEN_S seconds. The room has to have been opened."""
        token, now = secrets.token_urlsafe(24), time.time()
        with self.database.writing() as connection:
            known = _read(connection)
            if known is None:
                raise LookupError("a room that was never opened has no tokens")
            fresh = sorted(((end, each) for each, end in known.tokens.items() if end > now), reverse=True)
            kept = {each: end for end, each in fresh[: MOST_TOKENS - 1]}
            _write(connection, replace(known, tokens={**kept, _hash(token): now + TOKEN_S}))
        return token

    def redeem(self, token: str) -> bool:
        """Use a token up; False when it is none, was used already, or is too old."""
        with self.database.writing() as connection:
            known = _read(connection)
            end = known.tokens.get(_hash(token)) if known else None
            if known is None or end is None:
                return False
            rest = {each: until for each, until in known.tokens.items() if each != _hash(token)}
            _write(connection, replace(known, tokens=rest))
        return end > time.time()

    def leave(self, session: str, for_s: float) -> None:
        """Note that a terminal's session is over, which would have ended by itself within `for_s` seconds."""
        now = time.time()
        with self.database.writing() as connection:
            known = _read(connection)
            if known:
                fresh = {each: end for each, end in known.left.items() if end > now}
                _write(connection, replace(known, left={**fresh, _hash(session): now + for_s}))

    def has_left(self, session: str) -> bool:
        """Whether a terminal's session was ended before its time."""
        known = self.read()
        return known is not None and _hash(session) in known.left


def prefix_of(name: str) -> str:
    """Return the path under which a lab's room lives: its own, as cookies tell hosts and paths apart, but not ports."""
    return f"/room/{name}"


def proof_of(secret: str) -> str:
    """Return what a room answers to whoever asks whether it is there: another room at the port answers otherwise."""
    return hashlib.sha256(f"alive\0{secret}".encode()).hexdigest()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _read(connection: sqlite3.Connection) -> RoomRecord | None:
    row = connection.execute("SELECT value FROM settings WHERE key = ?", (KEY,)).fetchone()
    return RoomRecord(**json.loads(unseal(row["value"]))) if row else None


def _write(connection: sqlite3.Connection, record: RoomRecord) -> RoomRecord:
    connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (KEY, seal(json.dumps(asdict(record)))))
    return record
