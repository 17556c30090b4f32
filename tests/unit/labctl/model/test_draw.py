from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from labctl.model.authors import AUTHORS
from labctl.model.draw import Draw, End


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
