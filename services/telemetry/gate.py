"""How many heavy queries may run at once: each needs memory, and the service has little."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore


class BusyError(Exception):
    """Too many heavy queries at once; the caller may ask again after `retry_after` seconds."""

    retry_after = 1

    def __init__(self) -> None:
        super().__init__("too many heavy queries at once; ask again in a moment")


class Gate:
    """Lets `running` queries through; `waiting` more wait up to `seconds`, all others are refused at once.

    Few may wait, since each of them holds a thread that ingestion could use.
    """

    def __init__(self, *, running: int = 2, waiting: int = 4, seconds: float = 5.0) -> None:
        self._inside = BoundedSemaphore(running)
        self._queue = BoundedSemaphore(running + waiting)
        self._seconds = seconds

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Hold a place while the query runs. Raises BusyError."""
        if not self._queue.acquire(blocking=False):
            raise BusyError
        try:
            if not self._inside.acquire(timeout=self._seconds):
                raise BusyError
            try:
                yield
            finally:
                self._inside.release()
        finally:
            self._queue.release()
