"""The start of every look-up: open the lab, keep its changes up, write the journal."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from labctl.base import progress
from labctl.base.errors import HostError
from labctl.lab.lab import Lab
from labctl.operate import background, upkeep
from labctl.state.journal import LOOK_UP

AGAIN_S = 1800.0
"""How long ago a look-up may have been recorded whose answer is only kept fresh."""
_refreshing: ContextVar[bool] = ContextVar("refreshing", default=False)
_watching: ContextVar[bool] = ContextVar("watching", default=False)
_noted: ContextVar[list[int] | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[list[int]]:
    """Yield a list that gets the number, in the journal, of each look-up that is recorded within the block."""
    found: list[int] = []
    token = _noted.set(found)
    try:
        yield found
    finally:
        _noted.reset(token)


@contextmanager
def refreshing() -> Iterator[None]:
    """Keep an answer fresh that somebody looked up: within the block, a look-up that is in the journal is not again."""
    token = _refreshing.set(True)
    try:
        yield
    finally:
        _refreshing.reset(token)


@contextmanager
def only_watching() -> Iterator[None]:
    """Look without being one of those whose look-ups count: within the block, none is in the journal."""
    token = _watching.set(True)
    try:
        yield
    finally:
        _watching.reset(token)


def look(name: str, command: str, **asked: object) -> Lab:
    """Open the lab and record the look-up in its journal. Raises NotFoundError with the nearest lab.

    A container that was restarted gets back what it lost of a change that is in force, before anybody looks at it.
    """
    lab = Lab.open(name)
    upkeep.keep(lab)
    background.ensure(lab)
    record_look(lab, command, **asked)
    return lab


def record_look(lab: Lab, command: str, **asked: object) -> None:
    """Record a look-up in the lab's journal; what the host does not let us write is said, and the look-up goes on."""
    if _watching.get():
        return
    try:
        if not (_refreshing.get() and _is_recorded(lab, {"command": command, **asked})):
            _note(lab.store.journal.looked_up(command, **asked).number)
    except HostError as error:
        progress.warn(f"this look-up is not in the lab's journal: {error.what}")


def _note(number: int) -> None:
    found = _noted.get()
    if found is not None:
        found.append(number)


def _is_recorded(lab: Lab, payload: dict[str, object]) -> bool:
    return lab.store.journal.holds(LOOK_UP, payload, since=time.time() - AGAIN_S)
