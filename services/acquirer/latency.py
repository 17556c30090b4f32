"""How long the processor takes: a long-tailed distribution, waited without using the CPU."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from services.common.settings import Settings


@dataclass(frozen=True)
class Latency:
    """Log-normal: `median` seconds, `sigma` of its logarithm, cut at `longest` seconds."""

    median: float
    sigma: float
    longest: float
    normal: Callable[[float, float], float] = field(default=random.gauss, repr=False)
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)

    @classmethod
    def from_settings(cls, settings: Settings) -> Latency:
        """Read LATENCY_MEDIAN_MS, LATENCY_SIGMA and LATENCY_MAX_MS."""
        return cls(
            median=settings.milliseconds("LATENCY_MEDIAN_MS", 45),
            sigma=settings.number("LATENCY_SIGMA", 0.45, high=5.0),
            longest=settings.milliseconds("LATENCY_MAX_MS", 1500),
        )

    def draw(self) -> float:
        """Return the seconds that the next answer takes."""
        return min(self.longest, self.median * math.exp(self.normal(0.0, self.sigma)))

    def wait(self) -> None:
        """Let them pass."""
        self.sleep(self.draw())
