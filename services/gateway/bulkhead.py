"""A limit on the requests that wait for payments at the same time, so that the gateway can still answer the others."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from services.common.problem import ProblemError

_log = logging.getLogger(__name__)


class Bulkhead:
    """At most `most` at once; one more is turned away at once rather than queued. Thread-safe."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._free = threading.BoundedSemaphore(most)

    @contextmanager
    def enter(self) -> Iterator[None]:
        """Hold a place; raises ProblemError 503 with Retry-After when there is none."""
        if not self._free.acquire(blocking=False):
            _log.warning("turned away: %s requests wait for payments", self._most)
            raise ProblemError(503, "overloaded", "too many requests at the same time", headers={"Retry-After": "1"})
        try:
            yield
        finally:
            self._free.release()
