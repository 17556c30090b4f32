from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.risk.freshness import REFRESH_FROM, Lifetime

HOUR = Lifetime(3600)


@pytest.mark.parametrize(("age", "fresh"), [(-1, True), (0, True), (3599.9, True), (3600, False), (9000, False)])
def test_an_entry_is_fresh_until_its_lifetime_is_over(age: float, fresh: bool) -> None:
    assert HOUR.fresh(age) is fresh


@pytest.mark.parametrize(("age", "ageing"), [(0, False), (2879.9, False), (2880, True), (3599, True)])
def test_the_last_fifth_is_for_renewing(age: float, ageing: bool) -> None:
    assert HOUR.ageing(age) is ageing


def test_no_entries_have_no_ages() -> None:
    assert list(HOUR.spread(0)) == []


def test_ages_are_spread_evenly() -> None:
    assert list(Lifetime(100).spread(4)) == [0, 20, 40, 60]


@given(seconds=st.floats(1, 1e6), count=st.integers(1, 500))
def test_nothing_starts_out_ageing(seconds: float, count: int) -> None:
    lifetime = Lifetime(seconds)
    ages = list(lifetime.spread(count))
    assert len(ages) == count
    assert ages == sorted(ages)
    assert ages[0] == 0
    assert ages[-1] < seconds * REFRESH_FROM
    assert not any(lifetime.ageing(age) for age in ages)
