"""What labctl remembers of a lab between commands: one SQLite database per lab."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

from labctl.base.errors import LabStateError
from labctl.state.change_feed import Change, ChangeFeed, NewChange
from labctl.state.database import Database
from labctl.state.documents import Documents
from labctl.state.errand import ErrandFile
from labctl.state.journal import Journal
from labctl.state.operations import Operation, OperationLog
from labctl.state.records import Records
from labctl.state.room import RoomFile
from labctl.state.script import ScriptFile
from labctl.state.sealing import seal, unseal
from labctl.state.undo_log import UndoLog

__all__ = ["Change", "LabRecord", "LabStatus", "LabStore", "NewChange", "Operation", "Ports"]

LabStatus = Literal["starting", "running", "paused", "stopping"]
RUNNING: Final = "running"
PAUSED: Final = "paused"
DATABASE_NAME = "state.db"
_RECORD = "record"
_TOUCHED = "touched"


@dataclass(frozen=True)
class Ports:
    """The host ports of a lab's published interfaces."""

    gateway: int
    prometheus: int
    telemetry: int
    postgres: int
    grafana: int


@dataclass(frozen=True)
class LabRecord:
    """A lab's properties: fixed by its first `up`, except rate, status, and ports or a subnet that others took."""

    name: str
    project: str
    ports: Ports
    bind: str
    """The address that the ports are published on."""
    rps: float
    seed: int
    created_at: float
    """Epoch seconds."""
    status: LabStatus
    cpu_share: float = 1.0
    """The share of its CPU in the compose file that each container has, up to 1."""
    calibration: dict[str, float | None] | None = None
    """The costs that were measured on this host (calibration.py); None before."""
    subnet: str | None = None
    """Of the lab's network; None for one that Docker chose, for an older labctl."""
    grafana: bool = True
    """Whether the lab has Grafana where its image is here."""


class LabStore:
    """The state of the lab that lives in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = Database(folder / DATABASE_NAME)
        self.journal = Journal(self.database)
        self.changes = ChangeFeed(self.database)
        self.operations = OperationLog(self.database)
        self.documents = Documents(self.database)
        self.records = Records(self.database)
        self.undo_log = UndoLog(self.database)
        self.script = ScriptFile(self.database)
        self.room = RoomFile(self.database)
        self.errand = ErrandFile(self.database)

    @property
    def exists(self) -> bool:
        """Whether a lab has state here."""
        return self.database.path.is_file()

    def prepare(self) -> None:
        """Make the database where there is none."""
        self.database.prepare()

    @property
    def record(self) -> LabRecord:
        """The lab's properties. Raises LabStateError when no `up` got far enough to save them."""
        document = self.get(_RECORD)
        if document is None:
            raise LabStateError(
                f"the lab in {self.folder} was never set up completely", todo="run `labctl up`, or `labctl down`"
            )
        return LabRecord(**{**document, "ports": Ports(**document["ports"])})

    def save(self, record: LabRecord) -> None:
        """Write the lab's properties."""
        self.set(_RECORD, asdict(record))

    def get(self, key: str) -> dict[str, Any] | None:
        """Return a setting, a JSON object; None where it was never set."""
        with self.database.reading() as connection:
            row = connection.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        value: dict[str, Any] = json.loads(unseal(row["value"]))
        return value

    def set(self, key: str, value: dict[str, Any]) -> None:
        """Write a setting: any JSON object. It is sealed: it may tell of a change that no feed shows."""
        with self.database.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (key, seal(json.dumps(value))))

    def setting_keys(self) -> list[str]:
        """Return the keys of all settings, sorted."""
        with self.database.reading() as connection:
            return [str(row["key"]) for row in connection.execute("SELECT key FROM settings ORDER BY key")]

    def touch(self) -> None:
        """Note that the lab was changed just now in a way that leaves neither a change entry nor a new container."""
        self.set(_TOUCHED, {"at": time.time()})

    @property
    def touched_at(self) -> float:
        """When `touch` was last called, in epoch seconds; 0 for never."""
        return float((self.get(_TOUCHED) or {"at": 0.0})["at"])
