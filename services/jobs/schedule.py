"""When which job is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Timetable:
    """A job's name and the seconds between two of its starts."""

    name: str
    every: float


class Schedule:
    """The next start of every job; a job that takes longer than its interval starts late and skips what it missed."""

    def __init__(self, jobs: Iterable[Timetable], now: float) -> None:
        self._jobs = tuple(jobs)
        # Spread over their intervals, so that jobs don't start together, nor all at once with the process.
        self._next = {
            job.name: now + job.every * (index + 1) / (len(self._jobs) + 1) for index, job in enumerate(self._jobs)
        }

    def due(self, now: float) -> list[str]:
        """Return the jobs to start now, the one that waited longest first, and set their next starts."""
        names = sorted((job.name for job in self._jobs if self._next[job.name] <= now), key=self._next.__getitem__)
        for job in self._jobs:
            if job.name in names:
                self._next[job.name] = _next_start(self._next[job.name], job.every, now)
        return names

    def wait(self, now: float) -> float:
        """Seconds until the next job is due."""
        return max(0.0, min(self._next.values()) - now)


def _next_start(last: float, every: float, now: float) -> float:
    """Return the first start after `now`, a whole number of intervals after the last one."""
    start = last + (now - last) // every * every
    while start <= now:  # once, or twice where the division was rounded down
        start += every
    return start
