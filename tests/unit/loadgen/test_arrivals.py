from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadgen.arrivals import Arrivals


def act_over(seconds: float, *, rate: float, answer: float, seed: int = 1) -> int:
    """Return how often one user acts within `seconds` if every answer takes `answer` seconds."""
    arrivals, now, acted = Arrivals(rate, random.Random(seed), 0.0), 0.0, 0
    while now < seconds:
        if arrivals.due(now):
            acted += 1
            now += answer
        else:
            now += max(arrivals.wait(now), 1e-9)
    return acted


def test_a_user_does_not_act_right_away() -> None:
    arrivals = Arrivals(1.0, random.Random(1), 0.0)
    assert not arrivals.due(0.0)
    assert arrivals.wait(0.0) > 0


def test_a_moment_is_used_once() -> None:
    arrivals = Arrivals(1.0, random.Random(1), 0.0)
    then = arrivals.wait(0.0)
    assert arrivals.due(then)
    assert not arrivals.due(then)


def test_the_rate_is_kept() -> None:
    assert act_over(20_000, rate=0.1, answer=0.05) == pytest.approx(2000, rel=0.1)


@pytest.mark.parametrize("answer", [0.5, 2.0, 8.0])
def test_slow_answers_do_not_lower_the_rate(answer: float) -> None:
    assert act_over(20_000, rate=1 / 15, answer=answer) == pytest.approx(20_000 / 15, rel=0.12)


def test_what_was_missed_is_made_up_for_but_not_without_end() -> None:
    arrivals = Arrivals(1.0, random.Random(1), 0.0, backlog=60.0)
    made_up = 0
    while arrivals.due(10_000.0):
        made_up += 1
    assert 30 < made_up < 100


def test_many_users_that_start_together_are_spread_from_the_first_second() -> None:
    firsts = [Arrivals(1 / 15, random.Random(seed), 0.0).wait(0.0) for seed in range(3000)]
    by_second = [sum(second <= first < second + 1 for first in firsts) for second in range(5)]
    # 200 a second at first, fewer later, since these are first moments only.
    assert all(120 < count < 250 for count in by_second)


@given(rate=st.floats(0.01, 100), seed=st.integers(0, 1000), now=st.floats(0, 1e6))
def test_after_the_wait_the_moment_has_come(rate: float, seed: int, now: float) -> None:
    arrivals = Arrivals(rate, random.Random(seed), now)
    wait = arrivals.wait(now)
    assert wait >= 0
    assert arrivals.due(now + wait + 1e-6)


def test_another_rate_holds_from_now_on() -> None:
    arrivals = Arrivals(1 / 15, random.Random(1), 0.0)
    arrivals.follow(0.0, 1.0)
    assert arrivals.wait(1.0) == math.inf
    assert not arrivals.due(10_000.0)
    arrivals.follow(100.0, 10_000.0)
    assert arrivals.wait(10_000.0) < 1


def test_the_same_rate_again_draws_nothing_and_what_is_due_stays_due() -> None:
    arrivals = Arrivals(1.0, random.Random(1), 0.0)
    then = arrivals.wait(0.0)
    arrivals.follow(1.0, 0.0)
    assert arrivals.wait(0.0) == then
    arrivals.follow(0.5, then)
    assert arrivals.due(then)
