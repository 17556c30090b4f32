"""Finds a container's control group by the name that its engine gives it, with any driver and under any parents."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from services.containers.inventory import ID

GROUP = re.compile(rf"({ID.pattern})|(?:docker|libpod|cri-containerd|crio|nerdctl)-({ID.pattern})\.scope")
"""A container's group: its id, with cgroupfs as the driver, or a scope of its engine's, with systemd. Other directories
have an id in their names, too: mounts, a monitor, a build."""
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
    """Return every container's group; the outermost, where several name the same container."""
    found: dict[str, str] = {}
    waiting = deque([(root, 0)])
    while waiting:
        directory, depth = waiting.popleft()
        for path in _children(directory):
            if match := GROUP.fullmatch(path.rpartition("/")[2]):
                found.setdefault(match[1] or match[2], path)
            if depth < MAX_DEPTH:
                waiting.append((path, depth + 1))
    return found


def _children(directory: str) -> list[str]:
    try:
        with os.scandir(directory) as entries:
            return [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:  # it went while the tree was walked
        return []
