"""What the API answers beside the actions' own answers: who was let in, who asks, and errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from labctl.actions.answer import Answer


@dataclass(frozen=True)
class LoggedIn(Answer):
    """Somebody was let in: `token` goes into the header Authorization, as "Bearer TOKEN"."""

    schema: ClassVar[str] = "labctl.login/1"
    token: str
    api: str
    """The path, at the same host, below which the actions are."""
    user: str
    team: str | None
    """Null where there are no teams."""


@dataclass(frozen=True)
class Me(Answer):
    """Who asks, which lab is asked, and what answers."""

    schema: ClassVar[str] = "labctl.me/1"
    user: str
    lab: str
    version: str
    """Of labctl, where the lab is."""


@dataclass(frozen=True)
class Problem(Answer):
    """Why there is no answer."""

    schema: ClassVar[str] = "labctl.error/1"
    error: str
    """The kind of error: NotFoundError, LabStateError, InputError, LookupFailedError, …"""
    what: str
    """What failed."""
    expected: str
    todo: str
    """What to do next."""
    exit_code: int
    """The code with which a command line would end: 1 the lab's or user's error, 2 usage, 3 a bug."""
