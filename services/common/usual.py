"""Whether something took much longer than it usually does: the same on a slow host as on a fast one."""

from __future__ import annotations

from collections import deque
from statistics import median
from threading import Lock

REMEMBERED = 20
MUCH = 2.0


class Usual:
    """The last durations of one piece of work, in seconds. Safe between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last: deque[float] = deque(maxlen=REMEMBERED)

    def exceeded(self, seconds: float) -> float | None:
        """Remember a duration; return the usual one when it is MUCH longer, None when not, or not known yet."""
        with self._lock:
            usual = median(self._last) if len(self._last) == REMEMBERED else None
            self._last.append(seconds)
        return usual if usual is not None and seconds > MUCH * usual else None
