"""How a lab server comes to have its lab: the hub says which one it wants, and the lab is made where it is not here."""

from __future__ import annotations

import hashlib
import json
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread

from labctl.actions import down, processes, room
from labctl.actions.up import LabOptions, up
from labctl.base import paths
from labctl.base.errors import LabctlError, LabStateError
from labctl.base.private_files import write_private

FILE = "server.json"
"""In the lab's folder: which lab it is. Another of the same name, on another host or of another day, has another."""


@dataclass(frozen=True)
class Wanted:
    """The lab that the hub wants: `keep` is the one that it knows, empty for none; the room lives below `prefix`."""

    rps: float
    seed: int
    prefix: str
    keep: str = ""


@dataclass(frozen=True)
class Present:
    """What a lab server has now."""

    lab: str
    """Which lab is here; empty for none."""
    ready: bool
    opening: bool
    problem: str
    """Why it could not be opened the last time."""


@dataclass
class Opening:
    """Has one lab on this host."""

    name: str
    front: Path
    """The file with the hub's secret."""
    port: int | None = None
    """Where the lab's room listens, on loopback; None for a lab that is not open."""
    _problem: str = ""
    _thread: Thread | None = None
    _closed: bool = False
    _lock: Lock = field(default_factory=Lock, repr=False)

    def state(self) -> Present:
        """Return what is here."""
        opening = self._thread is not None and self._thread.is_alive()
        return Present(self._lab(), self.port is not None and not opening, opening, self._problem)

    def open(self, wanted: Wanted) -> None:
        """Begin to open the lab; while that goes on, and once it is closed for good, nothing is begun."""
        with self._lock:
            if self._closed or (self._thread and self._thread.is_alive()):
                return
            self._thread = Thread(target=self._try, args=(wanted,), daemon=True)
            self._thread.start()

    def move_room(self, prefix: str) -> None:
        """Open the lab's room below another path. Raises LabStateError while the lab is not open."""
        if not self.state().ready:
            raise LabStateError(f"the lab {self.name} is not open", expected="one that is up", todo="wait for it")
        self.port = room.open_behind(self.name, prefix, str(self.front))

    def close(self) -> None:
        """Remove the lab for good, however far it is. Its results are kept where it was."""
        with self._lock:
            self._closed, self.port = True, None
        if self._thread:
            self._thread.join()
        down.down(self.name)

    def keep(self) -> None:
        """Start again what the lab wants and was killed."""
        if self.port is not None and not self._closed:
            with suppress(LabctlError, OSError):
                processes.keep_lab(self.name)

    def _try(self, wanted: Wanted) -> None:
        self.port = None
        try:
            self.port = self._opened(wanted)
            self._problem = ""
        except LabctlError as problem:
            self._problem = problem.what

    def _opened(self, wanted: Wanted) -> int:
        if not self._lab() or wanted.keep not in ("", self._lab()):
            down.down(self.name)  # one that was left here by an earlier day, or before its team got another
        try:
            # Grafana reads files of labctl's own, which are in the container alone.
            up(self.name, LabOptions(rps=wanted.rps, seed=wanted.seed, grafana=False))
        finally:
            self._note()
        return room.open_behind(self.name, wanted.prefix, str(self.front))

    def _note(self) -> None:
        """Note which lab it is: one that did not get ready is gone on with the next time."""
        if self._file.parent.is_dir() and not self._lab():
            write_private(self._file, json.dumps({"lab": secrets.token_hex(8), "day": self._day()}))

    def _day(self) -> str:
        """Return what tells this day's labs from those of another: its secret is in no other."""
        return hashlib.sha256(self.front.read_bytes()).hexdigest()

    def _lab(self) -> str:
        """Return which lab of this day is here; empty for none."""
        with suppress(OSError, ValueError, KeyError):
            found = json.loads(self._file.read_text("utf-8"))
            return str(found["lab"]) if found["day"] == self._day() else ""
        return ""

    @property
    def _file(self) -> Path:
        return paths.lab_dir(self.name) / FILE
