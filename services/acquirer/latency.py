"""How long the processor takes: a long-tailed distribution; waiting uses no CPU."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from services.acquirer.turns import Turns
from services.common.settings import Settings

DETOUR_SIGMA = 0.1
"""The distance makes most of a detour's time, and distance is always the same."""


@dataclass(frozen=True)
class Latency:
    """Log-normal: `median` seconds, `sigma` of its logarithm, cut at `longest` seconds.

    The answers that `detours` picks come the long way round, from another of the processor's sites: after around
    `detour` seconds.
    """

    median: float
    sigma: float
    longest: float
    detour: float = 1.15
    detours: Turns = field(default_factory=lambda: Turns(0.0))
    normal: Callable[[float, float], float] = field(default=random.gauss, repr=False)
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)

    @classmethod
    def from_settings(cls, settings: Settings) -> Latency:
        """Read LATENCY_MEDIAN_MS, LATENCY_SIGMA, LATENCY_MAX_MS, DETOUR_MEDIAN_MS and DETOUR_RATIO."""
        return cls(
            median=settings.milliseconds("LATENCY_MEDIAN_MS", 66),
            sigma=settings.number("LATENCY_SIGMA", 0.12, high=5.0),
            longest=settings.milliseconds("LATENCY_MAX_MS", 2000),
            detour=settings.milliseconds("DETOUR_MEDIAN_MS", 1150),
            detours=Turns(settings.ratio("DETOUR_RATIO", 0.0)),
        )

    def draw(self) -> float:
        """Return the seconds that the next answer takes."""
        if self.detours.next():
            return min(self.longest, self.detour * math.exp(self.normal(0.0, DETOUR_SIGMA)))
        return min(self.longest, self.median * math.exp(self.normal(0.0, self.sigma)))

    def wait(self) -> None:
        """Wait for as long as the next answer takes."""
        self.sleep(self.draw())
