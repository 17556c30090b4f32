"""How long a query may take before it is given up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import monotonic
from typing import TypeVar

Row = TypeVar("Row")
CHECK_EVERY = 256


class QueryTimeoutError(Exception):
    """A query took longer than its deadline."""


class Deadline:
    """A point in (monotonic) time by which a query has to be done."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = monotonic() + seconds

    def expired(self) -> bool:
        """Whether the time is over."""
        return monotonic() > self._end

    def check(self) -> None:
        """Raise QueryTimeoutError when the time is over."""
        if self.expired():
            message = f"the query took longer than {self.seconds:g} s; narrow its time range or its selector"
            raise QueryTimeoutError(message)

    def watch(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Pass rows through, and stop with QueryTimeoutError when the time is over."""
        for number, row in enumerate(rows):
            if number % CHECK_EVERY == 0:
                self.check()
            yield row
