from __future__ import annotations

import pytest

from services.risk.pauses import PausedError, Pauses


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_customer_is_paused_for_a_while_and_nobody_else() -> None:
    clock = Clock()
    pauses = Pauses(4, clock=clock)
    pauses.check(7)
    pauses.begin(7)
    pauses.check(8)
    clock.now += 3.9
    with pytest.raises(PausedError):
        pauses.check(7)
    clock.now += 0.1
    pauses.check(7)


def test_those_whose_pause_is_over_are_forgotten() -> None:
    clock = Clock()
    pauses = Pauses(4, clock=clock)
    for customer in range(100):
        pauses.begin(customer)
        clock.now += 1
    assert len(pauses._until) <= 5
