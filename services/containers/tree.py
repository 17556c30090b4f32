"""Finds a container's control group by the id in a directory's name, with any driver and under any parents."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from services.containers.inventory import ID

MAX_DEPTH = 10
RESCAN_SECONDS = 2.0


class Tree:
    """One hierarchy of control groups; walked again when somebody asks for an id that it doesn't know."""

    def __init__(self, root: Path, now: Callable[[], float] = monotonic) -> None:
        self._root = str(root)
        self._now = now
        self._next_scan = 0.0
        self._found: dict[str, str] = {}

    def directory(self, container_id: str) -> str | None:
        """Return the container's directory, None when it has none; a container that went may come back elsewhere."""
        known = self._found.get(container_id)
        if known is not None and Path(known).is_dir():
            return known
        if self._now() >= self._next_scan:
            self._next_scan = self._now() + RESCAN_SECONDS
            self._found = _scan(self._root)
            return self._found.get(container_id)
        return None


def _scan(root: str) -> dict[str, str]:
    """Return every directory with an id in its name; the outermost, where several name the same one."""
    found: dict[str, str] = {}
    waiting = deque([(root, 0)])
    while waiting:
        directory, depth = waiting.popleft()
        for path in _children(directory):
            if match := ID.search(path.rpartition("/")[2]):
                found.setdefault(match.group(), path)
            if depth < MAX_DEPTH:
                waiting.append((path, depth + 1))
    return found


def _children(directory: str) -> list[str]:
    try:
        with os.scandir(directory) as entries:
            return [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:  # it went while the tree was walked
        return []
