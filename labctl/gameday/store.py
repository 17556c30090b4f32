"""All that a game day remembers: one SQLite file (0600), written by one at a time, read by anybody of its processes."""

from __future__ import annotations

import json
import secrets
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labctl.base import paths
from labctl.base.errors import NotFoundError
from labctl.base.private_files import make_private_dir
from labctl.gameday.audit import AuditLog
from labctl.gameday.incidents import Incidents
from labctl.gameday.labs import Labs
from labctl.gameday.messages import Messages
from labctl.gameday.model import DayState
from labctl.gameday.people import People
from labctl.gameday.schema import GAMEDAY
from labctl.gameday.sessions import Sessions
from labctl.state.database import Database
from labctl.state.sealing import seal, unseal

FILE = "gameday.db"


@dataclass(frozen=True)
class Secrets:
    """What the hub knows and nobody else: the key of what it signs, and the secret that proves it to the rooms."""

    hub: str
    front: str


class DayStore:
    """The state of the game day `name`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.folder = root() / name
        self.database = Database(self.folder / FILE, GAMEDAY)
        self.labs = Labs(self.database)
        self.people = People(self.database)
        self.sessions = Sessions(self.database)
        self.incidents = Incidents(self.database)
        self.messages = Messages(self.database)
        self.audit = AuditLog(self.database)

    @classmethod
    def open(cls, name: str) -> DayStore:
        """Return the store of a game day that is there. Raises NotFoundError."""
        store = cls(name)
        if not store.exists:
            raise NotFoundError("game day", name, names(), todo="start one: labctl gameday up PLAN.yaml")
        return store

    @property
    def exists(self) -> bool:
        """Whether there is such a game day."""
        return self.database.path.is_file()

    def prepare(self) -> None:
        """Make the file, and the secrets, where there is none."""
        make_private_dir(self.folder)
        self.database.prepare()
        if self.get("secrets") is None:
            self.set("secrets", {"hub": secrets.token_urlsafe(32), "front": secrets.token_urlsafe(32)})

    def remove(self) -> None:
        """Remove everything that is kept of the game day here; what was exported is elsewhere."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def get(self, key: str) -> dict[str, Any] | None:
        """Return a setting, a JSON object; None where it was never set."""
        with self.database.reading() as connection:
            return _get(connection, key)

    def set(self, key: str, value: dict[str, Any]) -> None:
        """Write a setting: any JSON object. It is sealed: it may be a secret."""
        with self.database.writing() as connection:
            _set(connection, key, value)

    @property
    def secrets(self) -> Secrets:
        """The game day's secrets. Raises NotFoundError for one that is gone."""
        found = self.get("secrets")
        if found is None:
            raise NotFoundError("game day", self.name, names())
        return Secrets(**found)

    @property
    def state(self) -> DayState:
        """How far the game day is."""
        return DayState((self.get("state") or {"state": DayState.STARTING})["state"])

    def become(self, state: DayState) -> None:
        """Write how far it is."""
        self.set("state", {"state": str(state)})


def root() -> Path:
    """Return the folder with one sub-folder per game day."""
    return make_private_dir(paths.state_root() / "gamedays")


def names() -> list[str]:
    """Return the names of the game days that are here, sorted."""
    return sorted(each.name for each in root().iterdir() if (each / FILE).is_file())


def _get(connection: sqlite3.Connection, key: str) -> dict[str, Any] | None:
    row = connection.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
    if row is None:
        return None
    value: dict[str, Any] = json.loads(unseal(row["value"]))
    return value


def _set(connection: sqlite3.Connection, key: str, value: dict[str, Any]) -> None:
    connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (key, seal(json.dumps(value))))
