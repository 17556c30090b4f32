import pytest

from labctl.model.points import Difficulty, difficulty, factor, points
from labctl.model.surroundings import CLEAR, DENSE, HAZY, Decoy, Surroundings

DECOY = Decoy(7, "ledger")


@pytest.mark.parametrize(("level", "times"), [(1, 1.0), (2, 1.25), (3, 1.5), (5, 2.0), (6.5, 2.375)])
def test_each_level_adds_a_quarter(level: float, times: float) -> None:
    assert factor(level) == times


@pytest.mark.parametrize(
    ("around", "total"),
    [
        (Surroundings(), 3),
        (Surroundings(CLEAR), 3),
        (Surroundings(HAZY), 3.5),
        (Surroundings(DENSE), 4),
        (Surroundings("of-ones-own"), 3),
        (Surroundings(near=1), 3.25),
        (Surroundings(near=9), 3.5),
        (Surroundings(decoy=DECOY), 3.25),
        (Surroundings(near=1, decoy=DECOY), 3.5),
    ],
)
def test_fog_and_changes_nearby_raise_what_the_fault_is(around: Surroundings, total: float) -> None:
    assert difficulty(3, around).total == total


def test_the_parts_are_said() -> None:
    assert difficulty(5, Surroundings(DENSE, near=1, decoy=DECOY)) == Difficulty(5, 1.0, 0.5, 6.5)


def test_the_worked_example() -> None:
    assert points(90, difficulty(3, Surroundings(HAZY, near=1)).total) == 151.9
    assert points(90, difficulty(3, Surroundings()).total) == 135
    assert points(0, 5) == 0
