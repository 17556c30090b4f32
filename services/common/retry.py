"""Retries that cannot make an overload worse: few, jittered, within a budget, never past the deadline."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from services.common import deadline


class RetryBudget:
    """A token bucket: every call earns `ratio` of a token, every retry spends one. Thread-safe."""

    def __init__(self, ratio: float = 0.2, *, capacity: float = 10.0) -> None:
        self._ratio = ratio
        self._capacity = capacity
        self._tokens = capacity
        self._lock = threading.Lock()

    def earn(self) -> None:
        """Count one call."""
        with self._lock:
            self._tokens = min(self._capacity, self._tokens + self._ratio)

    def spend(self) -> bool:
        """Take the token of one retry; False when the budget is used up."""
        with self._lock:
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True


@dataclass(frozen=True)
class RetryPolicy:
    """How often, how long apart (seconds) and within which budget a call is tried again."""

    attempts: int = 1
    backoff: float = 0.03
    longest_backoff: float = 1.0
    budget: RetryBudget | None = None
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    jitter: Callable[[float, float], float] = field(default=random.uniform, repr=False)

    def started(self) -> None:
        """Count a call (not an attempt) towards the budget."""
        if self.budget:
            self.budget.earn()

    def wait_for_next(self, made: int) -> bool:
        """After `made` attempts: wait and return True when one more may be made, else False at once."""
        if made >= self.attempts:
            return False
        delay = self._delay(made)
        left = deadline.current()
        if left is not None and delay >= left.remaining():
            return False
        if self.budget and not self.budget.spend():
            return False
        self.sleep(delay)
        return True

    def _delay(self, made: int) -> float:
        # Half of it is jitter: callers that failed together must not come back together, and none at once.
        ceiling: float = min(self.longest_backoff, self.backoff * 2 ** (made - 1))
        return self.jitter(ceiling / 2, ceiling)
