"""Customers whose features took too long to compute: for a while, they are not computed again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from services.common.database import QueryTimeoutError


class PausedError(QueryTimeoutError):
    """The customer's query ran into its time-out a moment ago; running it again would end the same way."""


class Pauses:
    """Which customers are paused, each for `seconds`. Thread-safe.

    Otherwise the database would do the same hopeless work again for each of a caller's attempts.
    """

    def __init__(self, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._until: dict[int, float] = {}
        self._lock = threading.Lock()

    def begin(self, customer_id: int) -> None:
        """Pause a customer from now on."""
        now = self._clock()
        with self._lock:
            self._until = {each: until for each, until in self._until.items() if until > now}
            self._until[customer_id] = now + self._seconds

    def check(self, customer_id: int) -> None:
        """Raise PausedError while the customer is paused."""
        with self._lock:
            until = self._until.get(customer_id)
        if until is not None and self._clock() < until:
            raise PausedError("the customer's features took too long a moment ago")
