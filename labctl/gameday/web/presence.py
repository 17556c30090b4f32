"""Who is in which room, and what each looks at: known from what they ask for, kept nowhere."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from threading import Lock

AWAY_S = 90.0
"""Without an open tab, somebody who asked for nothing for so long is away."""
MOVES_S = 3.0
"""Who moves on to another view is told to the team so often at most: each time, everybody asks for the bar anew."""


@dataclass(frozen=True)
class Cursor:
    """What a member looked at last, and whether they are there."""

    view: str
    at: float
    here: bool


@dataclass
class Presence:
    """Of all teams; the hub's threads share it. A team's version changes with all that its members should see."""

    _versions: Counter[str] = field(default_factory=Counter)
    _moved: set[str] = field(default_factory=set)
    """The teams in which somebody has moved since the team was told."""
    _told: dict[str, float] = field(default_factory=dict)
    """When a team was last told of such moves, on the monotonic clock."""
    _views: dict[int, tuple[str, float]] = field(default_factory=dict)
    _tabs: Counter[int] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def version(self, team: str) -> int:
        """Return what differs once something is new that the team is to be told now."""
        with self._lock:
            now = time.monotonic()
            if team in self._moved and now - self._told.get(team, -MOVES_S) >= MOVES_S:
                self._moved.remove(team)
                self._told[team] = now
                self._versions[team] += 1
            return self._versions[team]

    def ring(self, team: str) -> None:
        """Say that something is new for a team, at once."""
        with self._lock:
            self._versions[team] += 1

    def looked(self, team: str, member: int, view: str) -> None:
        """Note what a member looks at."""
        with self._lock:
            before = self._views.get(member, ("", 0.0))
            self._views[member] = (view, time.time())
            if before[0] != view or time.time() - before[1] > AWAY_S:
                self._moved.add(team)

    def came(self, team: str, member: int) -> None:
        """Note that a tab was opened."""
        with self._lock:
            self._tabs[member] += 1
            self._moved.add(team)

    def went(self, team: str, member: int) -> None:
        """Note that a tab was closed."""
        with self._lock:
            self._tabs[member] -= 1
            self._moved.add(team)

    def cursor(self, member: int) -> Cursor:
        """Return what a member looks at."""
        view, at = self._views.get(member, ("", 0.0))
        return Cursor(view, at, self._tabs[member] > 0 or time.time() - at < AWAY_S)
