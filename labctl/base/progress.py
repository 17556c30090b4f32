"""What is going on, told as it happens: events that whoever called an action may listen to.

Nothing prints here, and nobody has to listen: the command line shows events on a terminal, a web page streams them, a
pipeline takes none.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Began:
    """A step of something long begins."""

    step: str


@dataclass(frozen=True)
class Moved:
    """Where a step has got to: it may come often, and the last one counts."""

    step: str
    detail: str


@dataclass(frozen=True)
class Noted:
    """Something of a step that stays to be read."""

    step: str
    text: str


@dataclass(frozen=True)
class Ended:
    """A step is over, after so many seconds; not `well` when it failed, of which an error tells."""

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
    """One step that goes on; threads may share it."""

    what: str
    listener: Listener

    def update(self, detail: str) -> None:
        """Tell where it has got to; a callback that takes a str."""
        self.listener(Moved(self.what, detail))

    def note(self, text: str) -> None:
        """Tell something that stays to be read."""
        self.listener(Noted(self.what, text))


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Have `listener` hear of everything that happens in here, in this thread or task and in the steps it begins."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


@contextmanager
def step(what: str) -> Iterator[Step]:
    """Tell that `what` begins, and how it ended."""
    running, began, well = Step(what, _listener.get()), time.monotonic(), False
    running.listener(Began(what))
    try:
        yield running
        well = True
    finally:
        running.listener(Ended(what, time.monotonic() - began, well))


def warn(text: str) -> None:
    """Tell that something is not as it should be, though the action goes on."""
    _listener.get()(Warned(text))
