"""Processes of a killed command: docker and compose go on without it, and the next command waits for their end.

Each process inherits an open file with a shared lock. The system frees the lock when the last process has ended.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labctl.base.errors import LabStateError, WaitTimeoutError
from labctl.base.private_files import FILE_MODE
from labctl.base.waiting import wait_until

PATIENCE_S = 120.0
"""Longer than a roll-out takes: such a process ends by itself."""
_inherited: list[int] = []


def inherited() -> tuple[int, ...]:
    """Return the open files that every docker or compose process must inherit."""
    return tuple(_inherited)


@contextmanager
def tracked(path: Path) -> Iterator[None]:
    """Wait for the processes that hold the lock file `path`; those that start inside this block hold it, too.

    Raises LabStateError when a process takes too long to end.
    """
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
    try:
        _wait(file)
        fcntl.flock(file, fcntl.LOCK_SH)
        _inherited.append(file)
        try:
            yield
        finally:
            _inherited.remove(file)
    finally:
        os.close(file)


def _wait(file: int) -> None:
    def free() -> bool:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True

    try:
        wait_until(
            free, what="the end of the killed command's processes", timeout=PATIENCE_S, transient=(BlockingIOError,)
        )
    except WaitTimeoutError as error:
        raise LabStateError(
            f"what a killed labctl command had started has been going on for over {PATIENCE_S:.0f} s",
            expected="docker and compose to end by themselves",
            todo="look for their processes and stop them, then run the same command again",
        ) from error
