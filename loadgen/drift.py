"""How the total rate drifts: two slow waves, twelve per cent at most, the same for the same seed."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

DEPTH = 0.12
"""The most by which the rate leaves its average, as a share of it."""
USER_PERIOD_S = 15.0
"""Seconds between two requests of one user. Above the request timeout, so that even users whose requests all time out
offer the same load."""


@dataclass(frozen=True)
class Wave:
    """A sine: its period in seconds, its phase in radians."""

    period: float
    phase: float

    def at(self, seconds: float) -> float:
        """Return a value from -1 to 1."""
        return math.sin(math.tau * seconds / self.period + self.phase)


class Drift:
    """The rate over time for one seed."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)
        self._slow = Wave(rng.uniform(360, 540), rng.uniform(0, math.tau))
        self._fast = Wave(rng.uniform(110, 170), rng.uniform(0, math.tau))

    def factor(self, seconds: float) -> float:
        """Return what the average rate is multiplied by, `seconds` after the start."""
        return 1 + DEPTH * (0.7 * self._slow.at(seconds) + 0.3 * self._fast.at(seconds))

    def users(self, rps: float, seconds: float) -> int:
        """Return how many users make `rps` requests per second on average, drifted; at least one."""
        return max(1, round(rps * USER_PERIOD_S * self.factor(seconds)))
