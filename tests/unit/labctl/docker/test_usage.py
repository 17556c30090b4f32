from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import EngineError
from labctl.docker.docker import Docker
from labctl.docker.usage import Usage, cores, read
from tests.support.fake_daemon import FakeDaemon
from tests.support.fake_lab import make_container

# As Docker 20.10 told of a Postgres with 72 MB of shared memory, on the first version of control groups, and as a
# daemon on the second tells of the same.
FIRST = {
    **{"total_rss": 35446784, "total_cache": 73285632, "total_active_anon": 72000000, "total_inactive_anon": 35143168},
    **{"total_unevictable": 0, "total_active_file": 1200000, "total_inactive_file": 389248, "rss": 35446784},
}
SECOND = {"anon": 35446784, "shmem": 71696384, "file": 73285632, "inactive_file": 389248, "active_anon": 1}


def told(memory: dict[str, int]) -> dict[str, Any]:
    return {
        "preread": "2026-11-30T20:42:20.975537985Z",
        "read": "2026-11-30T20:42:21.975537985Z",
        "precpu_stats": {"cpu_usage": {"total_usage": 5_308_704_077}},
        "cpu_stats": {"cpu_usage": {"total_usage": 5_348_704_077}},
        "memory_stats": {"usage": 108_000_000, "stats": memory},
    }


@pytest.mark.parametrize("memory", [FIRST, SECOND])
def test_memory_of_its_own_has_shared_memory_in_it_and_no_page_cache(memory: dict[str, int]) -> None:
    found = read(told(memory))
    assert found.memory_mb == pytest.approx(107.14, abs=0.01)
    assert found.cpu_s == pytest.approx(5.349, abs=0.001)
    assert found.cores == pytest.approx(0.04)


def test_a_container_that_has_just_started_has_used_nothing_that_can_be_told() -> None:
    first = {"preread": "0001-01-01T00:00:00Z", "precpu_stats": {"cpu_usage": {"total_usage": 0}}}
    assert read({**told(SECOND), **first}).cores == pytest.approx(0, abs=1e-6)


def test_a_container_that_has_ended_tells_nothing() -> None:
    with pytest.raises(EngineError, match="does not tell"):
        read({**told({}), "memory_stats": {}})


@given(st.floats(0, 1e6), st.floats(0.01, 1e3), st.floats(0, 64))
def test_cores_are_cpu_time_by_time(began: float, seconds: float, used: float) -> None:
    before = Usage(1, began, 100, 0)
    after = Usage(1, began + used * seconds, 100 + seconds, 0)
    assert cores(before, after) == pytest.approx(used, abs=1e-3)


def test_a_container_that_started_anew_used_nothing_that_can_be_told() -> None:
    assert cores(Usage(1, 50, 100, 0), Usage(1, 1, 102, 0)) == 0
    assert cores(Usage(1, 50, 100, 0), Usage(1, 51, 100, 0)) == 0


def test_the_daemon_is_asked_for_one_look(fake_daemon: FakeDaemon) -> None:
    one = make_container("risk")
    fake_daemon.containers[one.id] = one
    fake_daemon.used[one.id] = (51e6, 0.5)
    found = Docker().statistics(one.id)
    assert found is not None
    assert read(found).memory_mb == 51
    assert Docker().statistics("gone") is None
