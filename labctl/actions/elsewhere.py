"""Where an action is done: in this process, or by a room elsewhere that this process asks.

An action that a room elsewhere may do is marked by `@reachable`, and stands in the table of `served`. Its callers know
nothing of it: within `asking`, a call becomes a question to that room, and the room's answer is what the call returns.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Room(Protocol):
    """A room elsewhere."""

    def ask(self, action: Callable[..., Any], given: Mapping[str, Any]) -> Any:  # noqa: ANN401 - what the action returns
        """Return what the room answers to this action, called with these arguments by name."""
        ...


_room: ContextVar[Room | None] = ContextVar("room", default=None)


@contextmanager
def asking(room: Room) -> Iterator[None]:
    """Let `room` do every reachable action that is called within the block."""
    token = _room.set(room)
    try:
        yield
    finally:
        _room.reset(token)


def asked() -> bool:
    """Whether a room elsewhere does the actions now."""
    return _room.get() is not None


def reachable(action: Callable[P, R]) -> Callable[P, R]:
    """Mark an action that a room elsewhere may do."""

    @functools.wraps(action)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        room = _room.get()
        if room is None:
            return action(*args, **kwargs)
        found: R = room.ask(action, inspect.signature(action).bind(*args, **kwargs).arguments)
        return found

    call.__reachable__ = True  # type: ignore[attr-defined]
    return call


def is_reachable(action: Callable[..., Any]) -> bool:
    """Whether an action is marked so."""
    return getattr(action, "__reachable__", False)
