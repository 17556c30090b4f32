"""A file that another program replaces while we run, and its last good content."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")
_log = logging.getLogger(__name__)


class WatchedFile(Generic[T]):
    """What `parse` makes of a file, or `initial` while it was never good; read again only when the file has changed.

    `parse` raises ValueError, KeyError or TypeError for a text that it can't use.
    """

    def __init__(self, path: Path, parse: Callable[[str], T], initial: T) -> None:
        self._path = path
        self._parse = parse
        self._version: tuple[int, int, int] | None = None
        self._content = initial
        self._complaint = ""

    def read(self) -> T:
        """Return the content; the last good one while the file is missing or half written."""
        try:
            status = self._path.stat()
            version = (status.st_ino, status.st_mtime_ns, status.st_size)
            if version != self._version:
                self._content = self._parse(self._path.read_text(encoding="utf-8"))
                self._version = version
                self._complaint = ""
        except (OSError, ValueError, KeyError, TypeError) as error:
            self._complain(str(error))
        return self._content

    def _complain(self, reason: str) -> None:
        """Say what is wrong once, not every second."""
        if reason != self._complaint:
            _log.warning("cannot read %s: %s", self._path, reason)
            self._complaint = reason
