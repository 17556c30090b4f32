"""A file that keeps some of the disk for the store: SQLite needs room even to delete.

When the disk is full, the file makes way; it comes back when there is room again.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

RESERVE_BYTES = 12 * 1024 * 1024
"""What SQLite's log grows to while the oldest is deleted."""


class Reserve:
    """The reserve beside the store at `path`."""

    def __init__(self, path: Path, size: int = RESERVE_BYTES) -> None:
        self._file = path.with_name(f"{path.name}.reserve")
        self._size = size
        self.ensure()

    def ensure(self) -> bool:
        """Set the room aside, where the disk has twice as much; whether it is there."""
        try:
            if self._file.exists() and self._file.stat().st_size >= self._size:
                return True
            if shutil.disk_usage(self._file.parent).free < 2 * self._size:
                return False
            with self._file.open("wb") as opened:
                os.posix_fallocate(opened.fileno(), 0, self._size)
        except OSError:
            self.release()
            return False
        return True

    def release(self) -> None:
        """Give the room back."""
        self._file.unlink(missing_ok=True)
