from __future__ import annotations

from collections.abc import Callable

import pytest

from labctl.base.errors import WaitTimeoutError
from labctl.base.waiting import wait_until


def answers(*values: object) -> Callable[[], object]:
    """Give one value a call, the last one for ever; an exception is raised instead."""
    left = list(values)

    def check() -> object:
        value = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(value, Exception):
            raise value
        return value

    return check


def test_the_first_truthy_answer_is_returned() -> None:
    assert wait_until(answers(None, 0, "", "ready"), what="readiness", timeout=5, interval=0) == "ready"


def test_a_transient_exception_counts_as_not_yet() -> None:
    check = answers(ConnectionError("refused"), "ready")
    assert wait_until(check, what="readiness", timeout=5, interval=0, transient=(ConnectionError,)) == "ready"


def test_any_other_exception_passes() -> None:
    with pytest.raises(ValueError, match="broken"):
        wait_until(answers(ValueError("broken")), what="readiness", timeout=5, transient=(ConnectionError,))


def test_a_timeout_says_what_was_last_seen_and_what_to_do() -> None:
    check = answers(ConnectionError("connection refused"))
    with pytest.raises(WaitTimeoutError) as caught:
        wait_until(
            check,
            what="the gateway's readiness",
            timeout=0,
            transient=(ConnectionError,),
            describe=lambda: "gateway: restarting",
            todo="run labctl doctor",
        )
    assert "the gateway's readiness did not happen within 0 s" in caught.value.what
    assert caught.value.expected == "connection refused; gateway: restarting"
    assert caught.value.todo == "run labctl doctor"


def test_the_state_is_asked_for_at_least_once_even_without_time() -> None:
    assert wait_until(answers("ready"), what="readiness", timeout=0) == "ready"
