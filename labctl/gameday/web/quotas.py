"""How much one team, and one session, may have at once: nobody slows another team down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Lock

from labctl.room.limits import READS, Limiter, Rate
from labctl.room.site import STREAMS

IN_FLIGHT = 8
"""Requests of one team that its room works on at once; a room has as many threads beside those of its streams."""
WAITING = 24
"""Requests of one team that wait for that: more are refused, so that they don't take up the hub's threads."""
PATIENCE_S = 15.0
STREAMS_EACH = 4
"""Open streams of one session; a team has as many as its room has seats."""
TEAM_READS = Rate(400, 120)
FAILURES = Rate(20, 0.2)
"""Wrong codes from one address. A right one is taken whatever others have tried: codes can't be guessed."""


class TooManyError(Exception):
    """There is no place left."""


@dataclass
class _Team:
    work: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(IN_FLIGHT))
    there: int = 0
    streams: Counter[int] = field(default_factory=Counter)


@dataclass
class Quotas:
    """Of all teams and sessions; the hub's threads share it."""

    reads: Limiter = field(default_factory=lambda: Limiter(READS))
    """What one session may ask for: as much as a room gives it."""
    team_reads: Limiter = field(default_factory=lambda: Limiter(TEAM_READS))
    failures: Limiter = field(default_factory=lambda: Limiter(FAILURES))
    _teams: dict[str, _Team] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def _of(self, team: str) -> _Team:
        with self._lock:
            return self._teams.setdefault(team, _Team())

    @contextmanager
    def working(self, team: str) -> Iterator[None]:
        """Have a place among the requests that a team's room works on. Raises TooManyError."""
        mine = self._of(team)
        with self._lock:
            if mine.there >= IN_FLIGHT + WAITING:
                raise TooManyError
            mine.there += 1
        try:
            if not mine.work.acquire(timeout=PATIENCE_S):
                raise TooManyError
            try:
                yield
            finally:
                mine.work.release()
        finally:
            with self._lock:
                mine.there -= 1

    def take_stream(self, team: str, session: int) -> None:
        """Have a place among a team's open streams. Raises TooManyError."""
        mine = self._of(team)
        with self._lock:
            if mine.streams.total() >= STREAMS or mine.streams[session] >= STREAMS_EACH:
                raise TooManyError
            mine.streams[session] += 1

    def leave_stream(self, team: str, session: int) -> None:
        """Give it back."""
        mine = self._of(team)
        with self._lock:
            mine.streams[session] -= 1
            if not mine.streams[session]:
                del mine.streams[session]
