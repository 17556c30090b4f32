from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from labctl.model.authors import AUTHORS
from labctl.model.draw import Draw, End, Range, usual


def choices(draw: Draw) -> list[object]:
    return [
        draw.author(),
        draw.number(10, 90, 5),
        draw.share(0.5, 1.5),
        draw.one_of("a", "b", "c"),
        *draw.sample("xyz", 2),
    ]


@given(st.integers() | st.text())
def test_equal_seeds_give_equal_choices_within_their_ranges(seed: int | str) -> None:
    found = choices(Draw(seed))
    assert found == choices(Draw(seed))
    author, number, share, one, *two = found
    assert author in AUTHORS
    assert number in range(10, 91, 5)
    assert isinstance(share, float)
    assert 0.5 <= share <= 1.5
    assert one in {"a", "b", "c"}
    assert len(set(two)) == 2


def test_seeds_differ() -> None:
    assert len({tuple(map(str, choices(Draw(seed)))) for seed in range(50)}) > 40


def test_both_ends_of_every_range_can_be_asked_for() -> None:
    assert choices(Draw(1, End.LOW))[1:4] == [10, 0.5, "a"]
    assert choices(Draw(1, End.HIGH))[1:4] == [90, 1.5, "c"]


TIMEOUT = Range("how long it waits", ("30", "35", "300"), "ms")


def test_what_is_drawn_of_a_range_is_remembered_with_its_unit() -> None:
    draw = Draw("7/fault")
    value = draw.of(TIMEOUT)
    assert value in TIMEOUT.values
    assert draw.drawn == {"how long it waits": f"{value} ms"}


def test_the_usual_draw_has_the_first_value_and_the_other_end_the_last() -> None:
    assert (usual().of(TIMEOUT), usual(End.HIGH).of(TIMEOUT)) == ("30", "300")
    assert usual().author() == usual(End.HIGH).author()


def test_a_range_tells_its_values_and_matches_each_whole() -> None:
    assert str(TIMEOUT) == "how long it waits: 30, 35 or 300 ms"
    assert str(Range("the scheme", ("a", "b"))) == "the scheme: a or b"
    found = {text: bool(re.search(f"MS={TIMEOUT.pattern}", text)) for text in ("MS=30", "MS=300", "MS=3000", "MS=31")}
    assert found == {"MS=30": True, "MS=300": True, "MS=3000": False, "MS=31": False}


@given(st.integers(), st.integers(1, 5000))
def test_data_is_as_long_as_asked_for_and_the_seed_s_own(seed: int, count: int) -> None:
    assert len(Draw(seed).data(count)) == count
    assert Draw(seed).data(count) == Draw(seed, End.HIGH).data(count)
