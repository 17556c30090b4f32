import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.model.probe import Tolerance, at_least, at_most, between, grows, shrinks, stays

POSITIVE = st.floats(1e-6, 1e6)


@pytest.mark.parametrize(
    ("tolerance", "inside", "outside"),
    [(at_least(2), 2, 1.9), (at_most(2), 2, 2.1), (between(1, 2), 1, 2.1)],
)
def test_absolute(tolerance: Tolerance, inside: float, outside: float) -> None:
    assert tolerance.holds(inside)
    assert tolerance.holds(outside) is False


@pytest.mark.parametrize(
    ("tolerance", "inside", "outside"),
    [(grows(2), 20, 19), (shrinks(0.5), 5, 6), (stays(0.5, 2), 20, 21)],
)
def test_against_the_baseline(tolerance: Tolerance, inside: float, outside: float) -> None:
    assert tolerance.holds(inside, 10)
    assert tolerance.holds(outside, 10) is False


@pytest.mark.parametrize("baseline", [None, 0.0, -1.0])
def test_a_ratio_without_a_usable_baseline_is_unknown(baseline: float | None) -> None:
    assert grows(2).holds(5, baseline) is None


@pytest.mark.parametrize(
    ("tolerance", "text"),
    [
        (at_least(0.2), ">= 0.2"),
        (at_most(3), "<= 3"),
        (between(0.01, 0.1), "0.01 to 0.1"),
        (grows(2), ">= 2 x baseline"),
        (stays(0.5, 1.5), "0.5 to 1.5 x baseline"),
    ],
)
def test_reads_well(tolerance: Tolerance, text: str) -> None:
    assert str(tolerance) == text


@given(POSITIVE, POSITIVE)
def test_nothing_both_grows_and_shrinks(value: float, baseline: float) -> None:
    assert not (grows(1.5).holds(value, baseline) and shrinks(0.7).holds(value, baseline))


@given(POSITIVE)
def test_the_baseline_itself_stays(baseline: float) -> None:
    assert stays(0.99, 1.01).holds(baseline, baseline)
