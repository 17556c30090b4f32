"""What a killed command had started: docker and compose go on without it, and the next command waits for their end.

Each of them inherits an open file with a shared lock, which the system gives up when the last one has ended.
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
"""Longer than a roll-out takes: what was started ends by itself."""
_inherited: list[int] = []


def inherited() -> tuple[int, ...]:
    """Return the open files that a docker or compose process has to be given."""
    return tuple(_inherited)


@contextmanager
def none_left(path: Path) -> Iterator[None]:
    """Wait until nothing runs that was started under the lock file `path`; what is started from now on is under it.

    Raises LabStateError when something goes on for too long.
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
        wait_until(free, what="the end of it", timeout=PATIENCE_S, transient=(BlockingIOError,))
    except WaitTimeoutError as error:
        raise LabStateError(
            f"what a killed labctl command had started has been going on for over {PATIENCE_S:.0f} s",
            expected="docker and compose to end by themselves",
            todo="look for their processes and stop them, then run the same command again",
        ) from error
