"""Processes of a lab's own, the director, the room, an errand: at most one of each kind, ended by `down`.

Each is started apart from the command that starts it, and again by the next command when it was killed. Whether it
runs is told by a lock that it holds while it lives, however it dies; who it is, by a file beside the lock.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import labctl
from labctl.base import paths
from labctl.base.errors import LabctlError
from labctl.base.file_lock import FileLock
from labctl.base.private_files import make_private_dir, refused, write_private

if TYPE_CHECKING:
    from labctl.lab.lab import Lab  # which needs far more memory than a process that mostly waits should have
    from labctl.state.store import LabStore

_STAT = Path("/proc")


@dataclass(frozen=True)
class Kind:
    """One kind of process: its name, the module that is run with the lab's name, and whether a lab wants it."""

    name: str
    module: str
    wanted: Callable[[LabStore], bool]


def _colleagues_work(store: LabStore) -> bool:
    script = store.script.read()
    return script is not None and script.playing


def _room_is_open(store: LabStore) -> bool:
    room = store.room.read()
    return room is not None and room.open


def _errand_waits(store: LabStore) -> bool:
    errand = store.errand.read()
    return errand is not None and errand.under_way


DIRECTOR = Kind("director", "labctl.play.director", _colleagues_work)
ROOM = Kind("room", "labctl.room", _room_is_open)
ERRAND = Kind("errand", "labctl.room.errand", _errand_waits)
KINDS = (DIRECTOR, ROOM, ERRAND)


@dataclass(frozen=True)
class Process:
    """A process, and when it started: by both, no other can be taken for it."""

    pid: int
    started: str


def ensure(lab: Lab, *kinds: Kind) -> None:
    """Start the processes of these kinds, or of all, that a lab wants and that do not run.

    Errors are ignored: the command that called this must not fail, and the next one tries again.
    """
    keep(lab.name, lab.store, *kinds)


def keep(name: str, store: LabStore, *kinds: Kind) -> None:
    """Do the same for a lab that is known by its state alone."""
    for kind in kinds or KINDS:
        with suppress(LabctlError, OSError):
            if store.exists and kind.wanted(store) and running(name, kind) is None:
                start(name, kind)


def start(name: str, kind: Kind = DIRECTOR) -> None:
    """Start a process of a lab's, apart from this process. Of two that start at once, one ends at once."""
    root = Path(labctl.__file__).parents[1]
    process = subprocess.Popen(
        [sys.executable, "-m", kind.module, name],
        cwd=root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        close_fds=True,
    )
    process.returncode = 0  # it outlives us: nobody here waits for its end


def running(name: str, kind: Kind = DIRECTOR) -> Process | None:
    """Return the lab's process of this kind, if one runs. Raises HostError where the host does not let us see."""
    lock = _lock(name, kind)
    try:
        with FileLock(lock, timeout=0):
            return None
    except TimeoutError:
        return _read(name, kind)
    except OSError as error:
        raise refused(lock, error) from error


def stop(name: str, *kinds: Kind) -> None:
    """End a lab's processes of these kinds, or of all, and whatever they are at; harmless when none runs.

    A process may be ended at any point.
    """
    for kind in kinds or KINDS:
        process = running(name, kind)
        if process and process.pid and process.started == _started(process.pid):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        _who(name, kind).unlink(missing_ok=True)


@contextmanager
def only_one(name: str, kind: Kind = DIRECTOR) -> Iterator[bool]:
    """Be the lab's only process of this kind within the block; False when another one is."""
    lock = FileLock(_lock(name, kind), timeout=0.2)
    try:
        lock.acquire()
    except TimeoutError:
        yield False
        return
    try:
        write_private(_who(name, kind), json.dumps(asdict(Process(os.getpid(), _started(os.getpid())))))
        yield True
    finally:
        lock.release()


def _read(name: str, kind: Kind) -> Process | None:
    try:
        return Process(**json.loads(_who(name, kind).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Process(0, "")  # it is just starting


def _started(pid: int) -> str:
    """Return the kernel's count at the process's start; empty where there is no such process, or no /proc."""
    try:
        return (_STAT / str(pid) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def _lock(name: str, kind: Kind) -> Path:
    return make_private_dir(paths.state_root() / "locks") / f"{name}.{kind.name}"


def _who(name: str, kind: Kind) -> Path:
    return make_private_dir(paths.state_root() / "locks") / f"{name}.{kind.name}.json"
