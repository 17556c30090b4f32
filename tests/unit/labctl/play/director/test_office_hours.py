from __future__ import annotations

import time
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from labctl.model.draw import Draw
from labctl.play.director.office_hours import likelihood, moment

NOW = 1_780_000_000.0


@given(st.integers())
def test_moments_are_within_their_span(seed: int) -> None:
    assert NOW - 86400 <= moment(Draw(seed), NOW - 86400, NOW) <= NOW


def test_most_work_is_done_in_the_daytime_and_some_at_night() -> None:
    draw = Draw(1)
    hours = Counter(8 <= time.localtime(moment(draw, NOW - 4 * 86400, NOW)).tm_hour < 18 for _ in range(400))
    assert hours[True] > 2 * hours[False] > 0


def test_weekends_are_quieter() -> None:
    week = [likelihood(NOW + 86400 * day) for day in range(7)]
    assert len(set(week)) == 2
