"""Picks one call in so many, evenly spread, as a balancer sends requests to its sites by their weights."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field


@dataclass
class Turns:
    """Picks a share, from 0 to 1, of all calls, evenly spread among them. Thread-safe."""

    share: float
    _due: float = field(default=0.0, init=False, repr=False, compare=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False, compare=False)

    def next(self) -> bool:
        """Whether this call is picked."""
        with self._lock:
            self._due += self.share
            if self._due < 1:
                return False
            self._due -= 1
            return True
