from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from labctl.room.views.spans import LEAST, WHOLE, Scale

TIMES = st.floats(-1e9, 1e9)


@given(TIMES, TIMES, TIMES, TIMES)
def test_a_bar_can_be_seen_and_is_within(start: float, end: float, begins: float, ends: float) -> None:
    bar = Scale(start, end).bar(begins, ends)
    assert bar.width >= LEAST
    assert bar.x >= 0
    assert bar.x + bar.width <= WHOLE + 0.02


def test_half_the_time_is_half_the_width() -> None:
    bar = Scale(0, 10).bar(5, None)
    assert (bar.x, bar.width) == (500, 500)
