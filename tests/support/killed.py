"""Work that is killed before its Nth step, in a child process that gets no chance to tidy up.

A step is a change of a file or folder, the opening of a database, or a statement of SQLite.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any

_CHANGES = frozenset({"os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir", "shutil.rmtree", "sqlite3.connect"})
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
MOST_STEPS = 500
TIMEOUT_S = 120.0
_connect = sqlite3.connect


def steps_of(work: Callable[[str], object], argument: str, before_each: Callable[[], object]) -> Iterator[int]:
    """Kill `work(argument)` at its first step, at its second, …; yield each step after it, until the work is done."""
    for step in range(1, MOST_STEPS):
        before_each()
        if not _is_killed(step, work, argument):
            return
        yield step
    raise AssertionError(f"still killed at step {MOST_STEPS}")


def _is_killed(step: int, work: Callable[[str], object], argument: str) -> bool:
    # A server that forks: each child has everything imported, and no thread of this process.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([work.__module__, __name__])
    child = context.Process(target=_child, args=(step, work, argument, dict(os.environ)))
    child.start()
    child.join(TIMEOUT_S)
    assert child.exitcode in (0, -signal.SIGKILL), f"the child ended with {child.exitcode}"
    return child.exitcode != 0


def _child(step: int, work: Callable[[str], object], argument: str, environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    _die_at(step)
    work(argument)
    os._exit(0)


def _die_at(step: int) -> None:
    counted = count(1)

    def next_step(_statement: object = None) -> None:
        if next(counted) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event in _CHANGES or (event == "open" and _writes(arguments)):
            next_step()

    def connect(*args: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = _connect(*args, **options)
        connection.set_trace_callback(next_step)
        return connection

    sqlite3.connect = connect  # type: ignore[assignment]  # one form of its many
    sys.addaudithook(hook)


def _writes(arguments: tuple[object, ...]) -> bool:
    flags = arguments[2]
    return isinstance(flags, int) and bool(flags & _WRITES)
