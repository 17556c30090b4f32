"""The one place that waits: poll for a state until a deadline."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from labctl.base.errors import WaitTimeoutError

T = TypeVar("T")


def wait_until(
    check: Callable[[], T | None],
    *,
    what: str,
    timeout: float,
    interval: float = 0.25,
    transient: tuple[type[Exception], ...] = (),
    describe: Callable[[], str] | None = None,
    todo: str = "",
) -> T:
    """Return the first truthy answer of `check`, asked every `interval` seconds for at most `timeout` seconds.

    Exceptions named in `transient` count as "not yet". When time runs out, WaitTimeoutError carries the last such
    exception and what `describe` returns about the state (status, recent logs).
    """
    deadline = time.monotonic() + timeout
    last: Exception | None = None
    while True:
        try:
            answer = check()
        except transient as error:
            last, answer = error, None
        if answer:
            return answer
        if time.monotonic() >= deadline:
            raise _timed_out(what, timeout, last, describe, todo)
        time.sleep(min(interval, max(0.0, deadline - time.monotonic())))


def _timed_out(
    what: str, timeout: float, last: Exception | None, describe: Callable[[], str] | None, todo: str
) -> WaitTimeoutError:
    details = [str(last)] if last else []
    if describe:
        details.append(describe())
    return WaitTimeoutError(
        f"{what} did not happen within {timeout:.0f} s", expected="; ".join(filter(None, details)), todo=todo
    )


def pause(seconds: float) -> None:
    """Let `seconds` pass: for measurements over a window that has to fill, never in place of `wait_until`."""
    time.sleep(seconds)
