"""The time that a request has left: set by the gateway, passed on in a header, checked before every call and wait."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass

HEADER = "X-Request-Deadline-Ms"
LONGEST_S = 60.0

_current: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


class DeadlineExceededError(Exception):
    """The request's time was up before its work was done."""


@dataclass(frozen=True)
class Deadline:
    """A moment on the monotonic clock, in seconds."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """Return the deadline that lies `seconds` from now."""
        return cls(time.monotonic() + seconds)

    @classmethod
    def from_header(cls, value: str | None) -> Deadline | None:
        """Read a header of whole milliseconds; anything else counts as no deadline."""
        if value is None or not value.isascii() or not value.isdigit() or len(value) > 9:
            return None
        return cls.after(min(int(value) / 1000, LONGEST_S))

    def remaining(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self.at - time.monotonic())

    def header(self) -> str:
        """Return what is left in whole milliseconds, as the next hop reads it."""
        return str(int(self.remaining() * 1000))


def current() -> Deadline | None:
    """Return the deadline of the request that this thread serves, if it has one."""
    return _current.get()


def bind(deadline: Deadline | None) -> Token[Deadline | None]:
    """Make `deadline` current; hand the token to `release` when the work is done."""
    return _current.set(deadline)


def release(token: Token[Deadline | None]) -> None:
    """Restore what was current before `bind`."""
    _current.reset(token)


def within(seconds: float) -> float:
    """Return `seconds`, cut to what the current deadline leaves."""
    deadline = current()
    return seconds if deadline is None else min(seconds, deadline.remaining())


def check() -> None:
    """Raise DeadlineExceededError when the current deadline has passed."""
    deadline = current()
    if deadline is not None and deadline.remaining() <= 0:
        raise DeadlineExceededError("deadline exceeded")


@contextmanager
def limit(seconds: float) -> Iterator[None]:
    """Give the work inside `seconds` from now, or less when the current deadline is nearer."""
    token = bind(Deadline.after(within(seconds)))
    try:
        yield
    finally:
        release(token)


@contextmanager
def ignored() -> Iterator[None]:
    """Lift the deadline for the work inside: what has already happened is recorded, even if that is late."""
    token = bind(None)
    try:
        yield
    finally:
        release(token)
