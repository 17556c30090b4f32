from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadgen.drift import DEPTH, USER_PERIOD_S, Drift, Wave


@given(seed=st.integers(0, 2**31 - 1), seconds=st.floats(0, 1e6))
def test_the_rate_never_leaves_its_band(seed: int, seconds: float) -> None:
    assert 1 - DEPTH <= Drift(seed).factor(seconds) <= 1 + DEPTH


@pytest.mark.parametrize("seed", range(5))
def test_it_drifts_by_some_per_cent_and_averages_out(seed: int) -> None:
    drift = Drift(seed)
    factors = [drift.factor(second) for second in range(0, 7200, 5)]
    assert statistics.mean(factors) == pytest.approx(1.0, abs=0.02)
    assert max(factors) > 1.07
    assert min(factors) < 0.93


@given(seed=st.integers(0, 100), seconds=st.floats(0, 1e5))
def test_it_drifts_over_minutes_not_seconds(seed: int, seconds: float) -> None:
    drift = Drift(seed)
    assert abs(drift.factor(seconds + 1) - drift.factor(seconds)) < 0.005


def test_the_same_seed_drifts_the_same() -> None:
    assert [Drift(7).factor(t) for t in range(100)] == [Drift(7).factor(t) for t in range(100)]
    assert Drift(7).factor(10) != Drift(8).factor(10)


@given(seed=st.integers(0, 100), rps=st.floats(0.1, 500), seconds=st.floats(0, 1e4))
def test_users_make_the_rate_at_their_own_pace(seed: int, rps: float, seconds: float) -> None:
    drift = Drift(seed)
    users = drift.users(rps, seconds)
    assert users >= 1
    assert users / USER_PERIOD_S == pytest.approx(rps * drift.factor(seconds), abs=1 / USER_PERIOD_S)


def test_a_wave() -> None:
    wave = Wave(period=4, phase=0)
    assert [round(wave.at(t), 6) for t in range(5)] == [0, 1, 0, -1, 0]
