from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.containers.cgroups import Values
from services.containers.kills import KEEP_S, KILLS, REMEMBER_S, Kills


def figures(own: int = 0, *, started: float = 1.0, used: float = 0.9) -> Values:
    return {
        KILLS: own,
        "container_start_time_seconds": started,
        "container_memory_usage_bytes": used * 100,
        "container_spec_memory_limit_bytes": 100,
    }


def test_a_count_goes_on_when_a_restart_takes_the_group_that_counted() -> None:
    kills = Kills()
    kills.look(0, {"a": figures()}, 0.0)
    assert kills.look(1, {"a": figures(1)}, 1.0) == {"a": 1}
    assert kills.look(1, {}, 2.0) == {"a": 1}
    assert kills.look(1, {"a": figures(started=2.0, used=0.1)}, 3.0) == {"a": 1}
    assert kills.look(2, {"a": figures(1, started=2.0)}, 4.0) == {"a": 2}


@pytest.mark.parametrize("gap", [True, False])
def test_a_kill_that_no_group_showed_is_that_of_the_full_container_that_ended(gap: bool) -> None:
    kills = Kills()
    kills.look(7, {"a": figures(), "b": figures()}, 0.0)
    if gap:
        kills.look(8, {"b": figures()}, 1.0)
    found = kills.look(8, {"a": figures(started=2.0, used=0.1), "b": figures()}, 2.0)
    assert found == {"a": 1, "b": 0}
    assert kills.look(8, {"a": figures(started=2.0), "b": figures()}, 3.0) == {"a": 1, "b": 0}


def test_one_kill_counts_once_whenever_the_group_shows_it() -> None:
    kills = Kills()
    kills.look(0, {"a": figures()}, 0.0)
    kills.look(1, {"a": figures()}, 1.0)
    kills.look(1, {"a": figures(1)}, 2.0)
    assert kills.look(1, {"a": figures(started=2.0)}, 3.0) == {"a": 1}


def test_a_restart_without_a_kill_is_none() -> None:
    kills = Kills()
    kills.look(0, {"a": figures()}, 0.0)
    assert kills.look(0, {"a": figures(started=2.0)}, 1.0) == {"a": 0}


def test_a_container_with_memory_to_spare_was_not_killed_for_want_of_it() -> None:
    kills = Kills()
    kills.look(0, {"a": figures(used=0.2)}, 0.0)
    assert kills.look(1, {"a": figures(started=2.0)}, 1.0) == {"a": 0}


def test_a_kill_elsewhere_on_the_host_some_time_ago_is_nobodys() -> None:
    kills = Kills()
    kills.look(0, {"a": figures()}, 0.0)
    kills.look(1, {"a": figures()}, 1.0)
    assert kills.look(1, {"a": figures(started=2.0)}, 2.0 + REMEMBER_S) == {"a": 0}


def test_the_count_of_a_container_that_was_replaced_stays_to_be_seen() -> None:
    kills = Kills()
    kills.look(0, {"a": figures()}, 0.0)
    kills.look(1, {"a": figures(1)}, 1.0)
    assert kills.look(1, {"a": figures(1), "b": figures(used=0.1)}, 2.0) == {"a": 1, "b": 0}
    for later in (3.0, 2.0 + KEEP_S):
        assert kills.look(1, {"b": figures(used=0.1)}, later) == {"a": 1, "b": 0}
    assert kills.look(1, {"b": figures(used=0.1)}, 3.0 + KEEP_S) == {"b": 0}


def test_a_kill_that_no_group_showed_counts_though_the_container_never_comes_back() -> None:
    kills = Kills()
    kills.look(4, {"a": figures()}, 0.0)
    assert kills.look(5, {"b": figures(used=0.1)}, 1.0) == {"a": 1, "b": 0}


def test_a_container_that_could_not_be_read_for_a_moment_has_not_ended() -> None:
    kills = Kills()
    kills.look(3, {"a": figures(1)}, 0.0)
    kills.look(3, {}, 1.0)
    assert kills.look(4, {"a": figures(1)}, 2.0) == {"a": 1}


LOOK = st.tuples(st.integers(0, 3), st.none() | st.tuples(st.integers(0, 3), st.floats(1, 3)))


@given(st.lists(LOOK, max_size=12))
def test_no_count_ever_falls(looks: list[tuple[int, tuple[int, float] | None]]) -> None:
    kills, host, last = Kills(), 0, 0
    for moment, (risen, container) in enumerate(looks):
        host += risen
        found = {} if container is None else {"a": figures(container[0], started=container[1])}
        count = kills.look(host, found, float(moment)).get("a", last)
        assert count >= last
        last = count
