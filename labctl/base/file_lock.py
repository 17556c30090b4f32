"""A lock in a file: one process at a time has it, and the system frees it when that process dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from labctl.base.errors import WaitTimeoutError
from labctl.base.private_files import FILE_MODE
from labctl.base.waiting import wait_until

EVERY_S = 0.05


@dataclass
class FileLock:
    """The lock in the file `path` (0600, made where missing), which is waited for `timeout` seconds at most."""

    path: Path
    timeout: float = 0.0
    _handle: int | None = field(default=None, init=False)

    def acquire(self) -> None:
        """Take the lock. Raises TimeoutError while another one has it, OSError where the file can't be opened."""
        if self._taken():
            return
        try:
            wait_until(self._taken, what=f"the lock {self.path.name}", timeout=self.timeout, interval=EVERY_S)
        except WaitTimeoutError as error:
            raise TimeoutError(error.what) from error

    def release(self) -> None:
        """Give the lock back; harmless without it. The file stays: others may wait for it."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _taken(self) -> bool:
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, FILE_MODE)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        except BaseException:
            os.close(handle)
            raise
        self._handle = handle
        return True

    def __enter__(self) -> Self:
        """Take the lock for a block."""
        self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        self.release()
