"""A process that is killed at its n-th write to a lab's database: from then on it can write nothing any more."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from labctl.state.database import Database


class Killed(BaseException):
    """The process was killed."""


def killed_at(monkeypatch: pytest.MonkeyPatch, write: int, work: Callable[[], object]) -> bool:
    """Do some work, killed before its write of this number; return whether it got that far."""
    written = 0
    real = Database.writing

    @contextmanager
    def writing(self: Database) -> Iterator[sqlite3.Connection]:
        nonlocal written
        written += 1
        if written >= write:
            raise Killed
        with real(self) as connection:
            yield connection

    with monkeypatch.context() as patched:
        patched.setattr(Database, "writing", writing)
        try:
            work()
        except Killed:
            return True
    return False
