"""One command at a time may change a lab: a file lock that the system frees when its holder dies, however it dies."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from labctl.base import orphans, paths, progress
from labctl.base.errors import HostError, LabHeldError, LabStateError
from labctl.base.file_lock import FileLock
from labctl.base.private_files import make_private_dir, refused, write_private
from labctl.base.times import local_time
from labctl.state import reserve

PORTS_TIMEOUT_S = 30.0
QUEUE_S = 60.0
"""How long a command waits for a short one before it."""
BACKGROUND = "director"
"""What the director calls itself while it holds a lab."""
BACKGROUND_S = 120.0
"""How long a command waits for that: longer than the longest step, which builds and rolls out a release."""
PATIENCE_S = 0.3
"""Longer than `holder` keeps the lock, which takes it only to see whether it is free."""


@dataclass(frozen=True)
class Holder:
    """Who holds a lab: process id, the command, since when (epoch seconds)."""

    pid: int
    command: str
    since: float

    def __str__(self) -> str:
        return f"'labctl {self.command}' (process {self.pid}, since {local_time(self.since)})"


@contextmanager
def locked(name: str, command: str, *, behind: Collection[str] = (), patient: bool = True) -> Iterator[None]:
    """Hold the lab `name` alone; raises LabHeldError, with who holds it, when another process does.

    The commands in `behind` are short: while one of them holds the lab, this waits, up to QUEUE_S seconds. One that
    works in the background is waited for, up to BACKGROUND_S seconds, by who is `patient`.

    Not reentrant. The lock is outside the lab's folder, so that `down` can hold it while it removes the folder.
    """
    if not reserve.release_if_short():
        reserve.keep()
    lock = FileLock(_lock_path(name), timeout=PATIENCE_S)
    _acquire(lock, name, behind, patient=patient and command != BACKGROUND)
    try:
        _sign(name, command)
        with orphans.tracked(_lock_path(name).with_suffix(".started")):
            yield
    finally:
        _holder_path(name).unlink(missing_ok=True)
        lock.release()


def _acquire(lock: FileLock, name: str, behind: Collection[str], *, patient: bool) -> None:
    began = time.monotonic()
    while True:
        try:
            lock.acquire()
        except TimeoutError as error:
            waited = time.monotonic() - began
            in_turn = behind and waited < QUEUE_S and _is_one_of(name, behind)
            # A step in the background ends soon, and nobody who types a command sees it.
            in_peace = patient and waited < BACKGROUND_S and in_background(name)
            if not (in_turn or in_peace):
                raise _held(name) from error
        except OSError as error:
            raise refused(lock.path, error) from error
        else:
            return


def _is_one_of(name: str, commands: Collection[str]) -> bool:
    who = _read_holder(name)
    return who is None or who.command in commands  # nobody signed: its holder is just starting or ending


def in_background(name: str) -> bool:
    """Whether it is a step of the script that holds the lab now."""
    who = _read_holder(name)
    return who is not None and who.command == BACKGROUND


def _sign(name: str, command: str) -> None:
    """Say who holds the lab. Others need it only to name the holder: a full disk must not keep anybody from mending."""
    try:
        write_private(_holder_path(name), json.dumps(asdict(Holder(os.getpid(), command, time.time()))))
    except HostError as error:
        progress.warn(error.what)


@contextmanager
def choosing_ports() -> Iterator[None]:
    """Let one process at a time choose ports and a subnet, for any lab; the next one sees them once they are saved."""
    # No lab can be called this: names have no underscore.
    lock = FileLock(_lock_path("_ports"), timeout=PORTS_TIMEOUT_S)
    try:
        lock.acquire()
    except TimeoutError as error:
        raise LabStateError(
            f"another labctl has been choosing ports for over {PORTS_TIMEOUT_S:.0f} s", todo="try again"
        ) from error
    try:
        yield
    finally:
        lock.release()


def holder(name: str) -> Holder | None:
    """Return who holds the lab now; None when nobody does."""
    try:
        with FileLock(_lock_path(name), timeout=0):
            return None
    except TimeoutError:
        return _read_holder(name) or Holder(0, "(unknown)", time.time())


def _held(name: str) -> LabHeldError:
    who = _read_holder(name)
    return LabHeldError(
        f"the lab '{name}' is in use by {who or 'another labctl command'}",
        expected="one command at a time that changes a lab",
        todo="wait for it to end, or stop it" + (f": kill {who.pid}" if who else ""),
    )


def _read_holder(name: str) -> Holder | None:
    try:
        return Holder(**json.loads(_holder_path(name).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None  # its holder is just starting or ending


def _lock_path(name: str) -> Path:
    return make_private_dir(paths.state_root() / "locks") / f"{name}.lock"


def _holder_path(name: str) -> Path:
    return make_private_dir(paths.state_root() / "locks") / f"{name}.json"
