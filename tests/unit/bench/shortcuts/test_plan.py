import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.shortcuts.plan import planned
from labctl.base.errors import CatalogueError

FAULTS = ("a", "b", "c")


def drawn(seed: int) -> str:
    return random.Random(seed).choice((*FAULTS, "d"))


@given(draws=st.integers(1, 4), fogs=st.lists(st.sampled_from(("clear", "hazy", "dense")), min_size=1, unique=True))
def test_every_fault_is_drawn_so_often_under_every_fog_by_seeds_of_its_own(draws: int, fogs: list[str]) -> None:
    plan = planned(FAULTS, fogs, draws, drawn)
    assert len(plan) == len({each.seed for each in plan}) == draws * len(fogs) * len(FAULTS)
    assert all(drawn(each.seed) == each.fault for each in plan)
    assert {(each.fog, each.fault, each.draw) for each in plan} == {
        (fog, fault, draw) for fog in fogs for fault in FAULTS for draw in range(1, draws + 1)
    }


def test_a_longer_run_begins_with_the_seeds_of_a_shorter_one() -> None:
    short, long = (planned(FAULTS, ["hazy"], draws, drawn) for draws in (1, 3))
    assert long[: len(short)] == short


def test_a_name_tells_no_fault() -> None:
    assert all(each.fault not in each.name.removeprefix("hazy") for each in planned(["b"], ["hazy"], 3, drawn))


def test_a_fault_that_no_seed_draws_is_named() -> None:
    with pytest.raises(CatalogueError, match="no seed draws e"):
        planned(["a", "e"], ["hazy"], 1, drawn)
