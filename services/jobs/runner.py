"""The loop that starts jobs when they are due, one after the other."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from services.jobs.schedule import Schedule


class Runner:
    """Runs in the calling thread until it is stopped; the job in hand is finished first."""

    def __init__(
        self,
        schedule: Schedule,
        jobs: Mapping[str, Callable[[], object]],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._schedule = schedule
        self._jobs = jobs
        self._clock = clock
        self._stopping = threading.Event()

    def run(self) -> None:
        """Start what is due, wait for the next, until `stop`."""
        while not self._stopping.wait(self._schedule.wait(self._clock())):
            for name in self._schedule.due(self._clock()):
                self._jobs[name]()

    def stop(self) -> None:
        """Ask the loop to end; safe in a signal handler."""
        self._stopping.set()
