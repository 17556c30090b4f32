from __future__ import annotations

import pytest

from labctl.gameday.server import threads_for
from labctl.gameday.worker import LEAST_READ, Readers, most_read

SCHOOL, HOME, PROXY = "203.0.113.7", "198.51.100.2", "192.0.2.1"


def test_one_address_takes_no_more_than_its_part_of_the_threads() -> None:
    readers = Readers(frozenset(), most=3)
    assert [readers.enter(SCHOOL) for _ in range(4)] == [True, True, True, False]
    assert readers.enter(HOME)
    readers.leave(SCHOOL)
    assert readers.enter(SCHOOL)


def test_a_proxy_speaks_for_many() -> None:
    readers = Readers(frozenset({PROXY}), most=1)
    assert all(readers.enter(PROXY) for _ in range(50))


def test_an_address_is_forgotten_when_nothing_of_it_is_read() -> None:
    readers = Readers(frozenset())
    readers.enter(HOME)
    readers.leave(HOME)
    assert not readers._counts


@pytest.mark.parametrize("teams", [1, 3, 8, 40])
def test_a_room_full_of_learners_behind_one_address_is_read_and_leaves_threads_to_others(teams: int) -> None:
    threads = threads_for(teams)
    assert LEAST_READ <= most_read(threads) <= threads / 2
    assert most_read(threads) >= 18 * teams
