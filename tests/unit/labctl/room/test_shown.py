from __future__ import annotations

import time

import pytest

from labctl.actions.answer import moment
from labctl.room.shown import digits, seconds_until


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "00:00"), (65.9, "01:05"), (3661, "1:01:01"), (-4, "00:00"), (360000, "100:00:00")]
)
def test_a_clock(seconds: float, text: str) -> None:
    assert digits(seconds) == text


def test_how_long_until() -> None:
    assert 8 < seconds_until(moment(time.time() + 10)) <= 10
    assert seconds_until(moment(time.time() - 10)) < 0
