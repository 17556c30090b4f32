import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.budgets import Figure, footprint, health, p95, setup, side_by_side, start, verifications


@pytest.mark.parametrize(("statistic", "value"), [("median", 3), ("mean", 22), ("p95", 100)])
def test_value(statistic: str, value: float) -> None:
    assert Figure("x", "s", (1, 2, 3, 4, 100), 10, statistic).value == value


def test_ratio_of_a_kept_budget_is_at_most_one() -> None:
    assert Figure("x", "s", (5,), 10).ratio == 0.5


def test_nothing_measured() -> None:
    assert math.isnan(Figure("x", "s", (), 10).value)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=100))
def test_p95_is_a_sample_that_few_exceed(samples: list[float]) -> None:
    bound = p95(samples)
    assert bound in samples
    assert sum(each > bound for each in samples) <= 0.05 * len(samples)


def test_the_budgets_of_the_design() -> None:
    figures = [
        *footprint(500, 0.4),
        *health(0.12, 0.001, 0.08),
        *start([9.0]),
        *verifications([8.0, 9.0], [50.0]),
        *setup(200),
        *side_by_side(0.1, [0.11, 0.15]),
    ]
    assert [(figure.budget, figure.unit) for figure in figures] == [
        (700, "MB"),
        (0.5, "cores"),
        (150, "ms"),
        (0.3, "%"),
        (10, "%"),
        (15, "s"),
        (15, "s"),
        (30, "s"),
        (60, "s"),
        (240, "s"),
        (2, "x"),
    ]
    assert figures[-1].value == pytest.approx(1.5)
