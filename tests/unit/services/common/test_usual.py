from __future__ import annotations

import pytest

from services.common.usual import MUCH, REMEMBERED, Usual


def after(*durations: float) -> Usual:
    usual = Usual()
    for each in durations:
        usual.exceeded(each)
    return usual


def test_what_takes_much_longer_than_usual_is_told_with_what_is_usual() -> None:
    assert after(*[0.004] * REMEMBERED).exceeded(0.009) == pytest.approx(0.004)


def test_what_takes_about_as_long_is_not() -> None:
    assert after(*[0.004] * REMEMBERED).exceeded(0.004 * MUCH) is None


def test_before_enough_is_known_nothing_is_unusual() -> None:
    assert after(*[0.004] * (REMEMBERED - 1)).exceeded(5.0) is None


def test_what_has_become_slow_for_long_is_usual() -> None:
    assert after(*[0.004] * REMEMBERED, *[0.05] * REMEMBERED).exceeded(0.06) is None
