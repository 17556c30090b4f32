import pytest

from labctl.model.points import factor, points


@pytest.mark.parametrize(("difficulty", "times"), [(1, 1.0), (2, 1.25), (3, 1.5), (5, 2.0)])
def test_each_level_adds_a_quarter(difficulty: int, times: float) -> None:
    assert factor(difficulty) == times


def test_the_worked_example() -> None:
    assert points(90, 3) == 135
    assert points(0, 5) == 0
