"""How often one may ask: a bucket that fills at a steady rate, and gives one token a request."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from threading import Lock

MOST_KEYS = 1000


@dataclass(frozen=True)
class Rate:
    """So many at once, and so many a second after that."""

    burst: float
    per_s: float


READS = Rate(60, 20)
CHANGES = Rate(20, 2)
ENTRIES = Rate(10, 0.2)
"""For one-time tokens, right or wrong, of everybody together: nobody may try many."""


@dataclass
class Limiter:
    """The buckets of one rate, one for each key."""

    rate: Rate
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)
    """The tokens that are left, and when that was so."""
    _lock: Lock = field(default_factory=Lock, repr=False)

    def allows(self, key: str) -> bool:
        """Take a token; False when there is none."""
        now = time.monotonic()
        with self._lock:
            left, since = self._left.get(key, (self.rate.burst, now))
            left = min(self.rate.burst, left + (now - since) * self.rate.per_s)
            if len(self._left) >= MOST_KEYS:
                self._left.clear()  # whoever makes up keys gains no more than a burst
            self._left[key] = (max(left - 1, 0.0) if left >= 1 else left, now)
        return left >= 1
