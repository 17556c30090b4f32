"""Circuit breaker: stops the calls to a peer that fails; after a pause, one call at a time tests the peer."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from enum import IntEnum


class BreakerState(IntEnum):
    """The values are those of the gauge `circuit_breaker.state`."""

    CLOSED = 0
    HALF_OPEN = 1
    OPEN = 2


class CircuitBreaker:
    """Opens when `failure_ratio` of at least `least_calls` in the last `window` seconds failed. Thread-safe."""

    def __init__(
        self,
        *,
        failure_ratio: float = 0.5,
        least_calls: int = 20,
        window: float = 10.0,
        open_for: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._failure_ratio = failure_ratio
        self._least_calls = least_calls
        self._window = window
        self._open_for = open_for
        self._clock = clock
        self._lock = threading.Lock()
        self._outcomes: deque[tuple[float, bool]] = deque(maxlen=1000)
        self._opened_at: float | None = None
        self._trial_at: float | None = None

    @property
    def state(self) -> BreakerState:
        """Open, half-open (the pause is over, the peer not yet proven) or closed."""
        with self._lock:
            if self._opened_at is None:
                return BreakerState.CLOSED
            return BreakerState.OPEN if self._pause_left() > 0 else BreakerState.HALF_OPEN

    def allow(self) -> bool:
        """Whether a call may be made now; every allowed call has to be recorded."""
        with self._lock:
            if self._opened_at is None:
                return True
            if self._pause_left() > 0 or self._trial_running():
                return False
            self._trial_at = self._clock()
            return True

    def record(self, *, success: bool) -> None:
        """Tell how an allowed call ended."""
        with self._lock:
            now = self._clock()
            if self._opened_at is None:
                self._outcomes.append((now, success))
                if self._failing(now):
                    self._open(now)
            elif self._trial_at is not None:
                self._close() if success else self._open(now)

    def retry_after(self) -> float:
        """Seconds until the next call is worth trying; at least one."""
        with self._lock:
            return max(1.0, self._pause_left())

    def _pause_left(self) -> float:
        return 0.0 if self._opened_at is None else self._opened_at + self._open_for - self._clock()

    def _trial_running(self) -> bool:
        # A trial whose outcome never came (its thread died) must not keep the breaker open for ever.
        return self._trial_at is not None and self._clock() - self._trial_at < self._open_for

    def _failing(self, now: float) -> bool:
        while self._outcomes and now - self._outcomes[0][0] > self._window:
            self._outcomes.popleft()
        failed = sum(not success for _, success in self._outcomes)
        return len(self._outcomes) >= self._least_calls and failed / len(self._outcomes) >= self._failure_ratio

    def _open(self, now: float) -> None:
        self._opened_at, self._trial_at = now, None

    def _close(self) -> None:
        self._opened_at = self._trial_at = None
        self._outcomes.clear()
