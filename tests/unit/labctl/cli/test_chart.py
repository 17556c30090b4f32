from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labctl.base.times import local_time
from labctl.cli.chart import LETTERS, MOST_CURVES, Canvas, draw, key

PLAIN = Canvas(80, 14, coloured=False)
START = 1_760_000_000.0
POINTS = st.lists(st.tuples(st.floats(0, 4e9), st.floats()), max_size=30)


def rising(count: int = 60) -> list[tuple[float, float]]:
    return [(START + n, float(n)) for n in range(count)]


def test_a_curve_has_its_room_and_its_times() -> None:
    lines = draw([rising()], PLAIN).splitlines()

    assert len(lines) == 14
    assert max(map(len, lines)) <= 80
    assert local_time(START) in lines[-1]
    assert local_time(START + 59) in lines[-1]


@pytest.mark.parametrize("coloured", [False, True])
def test_curves_are_told_by_letters_with_colours_or_without(*, coloured: bool) -> None:
    drawing = draw([rising(), [(at, 59 - value) for at, value in rising()]], Canvas(80, 14, coloured))

    assert "a" in drawing
    assert "b" in drawing
    assert ("\x1b" in drawing) is coloured


def test_with_colours_they_are_told_by_these() -> None:
    assert "\x1b[38;5;2m" in draw([rising()], Canvas(80, 14, coloured=True))


@pytest.mark.parametrize("curves", [[], [[]], [[(START, math.nan)]], [[(START, math.inf)]]])
def test_nothing_to_draw_is_nothing(curves: list[list[tuple[float, float]]]) -> None:
    assert draw(curves, PLAIN) == ""


@settings(max_examples=50)
@given(st.lists(POINTS, max_size=10))
def test_no_figures_break_the_drawing(curves: list[list[tuple[float, float]]]) -> None:
    drawing = draw(curves, PLAIN)

    assert all(len(line) <= 80 for line in drawing.splitlines())


def test_the_key_matches_the_drawing() -> None:
    assert key(1, 3).plain == LETTERS[1]
    assert key(0, 1).plain == "━"
    assert key(MOST_CURVES, MOST_CURVES).plain == ""
