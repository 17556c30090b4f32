from __future__ import annotations

from dataclasses import dataclass

import pytest

from services.common.breaker import BreakerState, CircuitBreaker


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(least_calls=4, window=10, open_for=5, clock=clock)


def fail(breaker: CircuitBreaker, times: int) -> None:
    for _ in range(times):
        assert breaker.allow()
        breaker.record(success=False)


def test_few_failures_prove_nothing(breaker: CircuitBreaker) -> None:
    fail(breaker, 3)
    assert breaker.state is BreakerState.CLOSED


def test_opens_at_the_ratio(breaker: CircuitBreaker) -> None:
    breaker.record(success=True)
    breaker.record(success=True)
    breaker.record(success=True)
    fail(breaker, 2)
    assert breaker.state is BreakerState.CLOSED
    fail(breaker, 1)
    assert breaker.state is BreakerState.OPEN
    assert not breaker.allow()
    assert breaker.retry_after() == 5


def test_old_failures_are_forgotten(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 11
    fail(breaker, 1)
    assert breaker.state is BreakerState.CLOSED


def test_one_trial_at_a_time_after_the_pause(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, 4)
    clock.now += 5
    assert breaker.state is BreakerState.HALF_OPEN
    assert breaker.allow()
    assert not breaker.allow()


def test_a_good_trial_closes(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, 4)
    clock.now += 5
    assert breaker.allow()
    breaker.record(success=True)
    assert breaker.state is BreakerState.CLOSED
    fail(breaker, 3)
    assert breaker.state is BreakerState.CLOSED, "what was before the trial no longer counts"


def test_a_bad_trial_opens_again(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, 4)
    clock.now += 5
    fail(breaker, 1)
    assert breaker.state is BreakerState.OPEN


def test_a_trial_without_an_outcome_is_replaced(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, 4)
    clock.now += 5
    assert breaker.allow()
    clock.now += 5
    assert breaker.allow()


def test_a_late_answer_does_not_close_an_open_breaker(breaker: CircuitBreaker) -> None:
    fail(breaker, 4)
    breaker.record(success=True)
    assert breaker.state is BreakerState.OPEN
