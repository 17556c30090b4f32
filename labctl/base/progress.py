"""The progress of an action: events that its caller may listen to while it runs.

Nothing is printed here, and nobody has to listen: the command line shows events on a terminal, a web page streams
them, a pipeline ignores them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Began:
    """A step of a long action begins."""

    step: str


@dataclass(frozen=True)
class Moved:
    """How far a step has got: sent often, and only the last one counts."""

    step: str
    detail: str


@dataclass(frozen=True)
class Noted:
    """A line about a step that stays visible."""

    step: str
    text: str


@dataclass(frozen=True)
class Ended:
    """A step is over, after so many seconds; `well` is False when it failed, and an error then says why."""

    step: str
    seconds: float
    well: bool


@dataclass(frozen=True)
class Warned:
    """Something is not as it should be, though the action goes on."""

    text: str


Event = Began | Moved | Noted | Ended | Warned
Listener = Callable[[Event], None]


def _nobody(event: Event) -> None:
    del event


_listener: ContextVar[Listener] = ContextVar("listener", default=_nobody)


@dataclass(frozen=True)
class Step:
    """One step in progress; threads may share it."""

    what: str
    listener: Listener

    def update(self, detail: str) -> None:
        """Say how far the step has got; fits where a callback takes a str."""
        self.listener(Moved(self.what, detail))

    def note(self, text: str) -> None:
        """Send a line that stays visible."""
        self.listener(Noted(self.what, text))


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Send all events of this block to `listener`: those of this thread or task, and of the steps that it begins."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


@contextmanager
def step(what: str) -> Iterator[Step]:
    """Send an event when the step `what` begins, and one when it ends."""
    running, began, well = Step(what, _listener.get()), time.monotonic(), False
    running.listener(Began(what))
    try:
        yield running
        well = True
    finally:
        running.listener(Ended(what, time.monotonic() - began, well))


def warn(text: str) -> None:
    """Warn that something is not as it should be, though the action goes on."""
    _listener.get()(Warned(text))
