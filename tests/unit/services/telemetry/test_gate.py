from __future__ import annotations

from contextlib import ExitStack
from threading import Thread

import pytest

from services.telemetry.gate import BusyError, Gate


def test_one_more_than_may_run_and_wait_is_refused_at_once() -> None:
    gate = Gate(running=1, waiting=0, seconds=60)
    with gate.passed(), pytest.raises(BusyError), gate.passed():
        pass
    with gate.passed():
        pass


def test_who_waited_for_too_long_is_refused_and_leaves_its_place() -> None:
    gate = Gate(running=1, waiting=1, seconds=0)
    with gate.passed():
        for _ in range(3):
            with pytest.raises(BusyError), gate.passed():
                pass


def test_who_waits_comes_in_when_a_place_is_free() -> None:
    gate = Gate(running=1, waiting=1, seconds=60)
    came = []

    def query() -> None:
        with gate.passed():
            came.append(True)

    with ExitStack() as first:
        first.enter_context(gate.passed())
        second = Thread(target=query)
        second.start()
        assert came == []
    second.join(60)
    assert came == [True]


def test_a_query_that_fails_leaves_its_place() -> None:
    gate = Gate(running=1, waiting=0)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), gate.passed():
            raise ZeroDivisionError
