from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.labs import noise
from bench.labs.seen import Seen

NAMES = ("a", "b", "c")


def seen(p95_s: float = 0.1, checkouts: float = 300, failed: float = 0) -> Seen:
    return Seen(p95_s, checkouts, failed, {})


def windows(*p95s: float) -> dict[str, Seen]:
    return {name: seen(p95) for name, p95 in zip(NAMES, p95s, strict=True)}


def test_how_much_slower_each_lab_is() -> None:
    assert noise.slower(windows(0.1, 0.2, 0.4), windows(0.2, 0.2, 0.2), NAMES) == pytest.approx([2, 1, 0.5])


@given(st.lists(st.floats(0.01, 10), min_size=6, max_size=6))
def test_the_spread_is_the_largest_factor_whichever_window_was_slower(p95s: list[float]) -> None:
    first, second = windows(*p95s[:3]), windows(*p95s[3:])
    found = noise.spread(first, second, NAMES)
    assert found == pytest.approx(noise.spread(second, first, NAMES))
    assert found >= 1
    assert all(1 / found <= each * 1.0001 and each <= found * 1.0001 for each in noise.slower(first, second, NAMES))


def test_labs_in_the_middle_decide() -> None:
    assert noise.within([0.9, 1.05, 3.0], 1.1)
    assert not noise.within([0.9, 1.2, 3.0], 1.1)


def test_as_many_failures_as_at_rest_are_chance_and_many_more_are_not() -> None:
    quiet = [seen(failed=1), seen(failed=2)]
    assert noise.chance_of_failures(quiet, [seen(failed=1)]) > 0.5
    assert noise.chance_of_failures(quiet, [seen(failed=30)]) < noise.UNLIKELY


def test_no_failure_anywhere_is_certain() -> None:
    assert noise.chance_of_failures([seen()], [seen()]) == 1


@given(st.integers(0, 20), st.integers(0, 20), st.integers(1, 500), st.integers(1, 500))
def test_a_chance_is_one_and_falls_with_every_failure(quiet: int, then: int, first: int, second: int) -> None:
    def chance(failed: int) -> float:
        return noise.chance_of_failures([seen(0.1, first, quiet)], [seen(0.1, second, failed)])

    assert 0 <= chance(then + 1) <= chance(then) + 1e-9
    assert chance(then) <= 1 + 1e-9
