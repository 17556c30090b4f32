"""When a user acts: a Poisson process that goes on whether answers come or not (an open loop)."""

from __future__ import annotations

import math
import random


class Arrivals:
    """The moments, on the clock of `now` in seconds, at which one user acts; `rate` per second on average.

    The next moment follows from the last one that was due, not from when its answer came: a slow system is asked as
    often as a fast one. What was missed while waiting is made up for, up to `backlog` seconds of it.
    """

    def __init__(self, rate: float, rng: random.Random, now: float, *, backlog: float = 60.0) -> None:
        self._rate = rate
        self._rng = rng
        self._backlog = backlog
        # The process has no memory: the first gap is drawn like any other, so users that start together spread at once.
        self._next_at = now + self._gap()

    def due(self, now: float) -> bool:
        """Whether the next moment has come; if so, it is used up."""
        if now < self._next_at:
            return False
        self._next_at = max(self._next_at, now - self._backlog) + self._gap()
        return True

    def wait(self, now: float) -> float:
        """Seconds until the next moment; zero when it has come, infinite for a user that never acts."""
        return max(0.0, self._next_at - now)

    def follow(self, rate: float, now: float) -> None:
        """Go on at another rate, from now on. Moments that are due already stay so."""
        if rate == self._rate:
            return
        self._rate = rate
        # Without memory again: a user that has waited for a while gets a whole new gap, like one that begins.
        if now < self._next_at:
            self._next_at = now + self._gap()

    def _gap(self) -> float:
        return self._rng.expovariate(self._rate) if self._rate else math.inf
