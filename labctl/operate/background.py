"""The director's process: one for each lab, started apart from the command that starts it, ended by `down`.

Whether it runs is told by a lock that it holds while it lives, however it dies; who it is, by a file beside the lock.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

import labctl
from labctl.base import paths
from labctl.base.private_files import FILE_MODE, make_private_dir, write_private

if TYPE_CHECKING:
    from labctl.lab.lab import Lab  # which needs far more memory than a process that mostly waits should have

MODULE = "labctl.play.director"
_STAT = Path("/proc")


@dataclass(frozen=True)
class Process:
    """A process, and when it started: by both, no other can be taken for it."""

    pid: int
    started: str


def ensure(lab: Lab) -> None:
    """Start the director of a lab in which colleagues work, where it does not run."""
    script = lab.store.script.read() if lab.store.exists else None
    if script is not None and script.playing and running(lab.name) is None:
        start(lab.name)


def start(name: str) -> None:
    """Start a lab's director, apart from this process. Of two that start at once, one ends at once."""
    root = Path(labctl.__file__).parents[1]
    subprocess.Popen(
        [sys.executable, "-m", MODULE, name],
        cwd=root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        close_fds=True,
    )


def running(name: str) -> Process | None:
    """Return the lab's director, if one runs."""
    try:
        with FileLock(_lock(name), timeout=0, mode=FILE_MODE):
            return None
    except Timeout:
        return _read(name)


def stop(name: str) -> None:
    """End a lab's director and whatever it is at; harmless when none runs. It may be ended at any point."""
    process = running(name)
    if process and process.pid and process.started == _started(process.pid):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    _who(name).unlink(missing_ok=True)


@contextmanager
def only_one(name: str) -> Iterator[bool]:
    """Be the lab's director within the block; False when another one is."""
    lock = FileLock(_lock(name), timeout=0.2, mode=FILE_MODE)
    try:
        lock.acquire()
    except Timeout:
        yield False
        return
    try:
        write_private(_who(name), json.dumps(asdict(Process(os.getpid(), _started(os.getpid())))))
        yield True
    finally:
        lock.release()


def _read(name: str) -> Process | None:
    try:
        return Process(**json.loads(_who(name).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Process(0, "")  # it is just starting


def _started(pid: int) -> str:
    """Return the kernel's count at the process's start; empty where there is no such process, or no /proc."""
    try:
        return (_STAT / str(pid) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def _lock(name: str) -> Path:
    return make_private_dir(paths.state_root() / "locks") / f"{name}.director"


def _who(name: str) -> Path:
    return make_private_dir(paths.state_root() / "locks") / f"{name}.director.json"
