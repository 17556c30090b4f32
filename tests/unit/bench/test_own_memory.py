from __future__ import annotations

from types import SimpleNamespace

import pytest

from bench.own_memory import by_service, own_bytes
from labctl.base.errors import EngineError
from tests.support.fake_lab import make_container

FIRST = "cache 900\nrss 1\nshmem 2\ntotal_cache 900\ntotal_rss 4000000\ntotal_shmem 2000000\ntotal_inactive_file 5\n"
SECOND = "anon 1000000\nfile 8000000\nshmem 500000\n"


@pytest.mark.parametrize(("told", "own"), [(FIRST, 6_000_000), (SECOND, 1_500_000)])
def test_page_cache_is_not_own_and_shared_memory_is(told: str, own: int) -> None:
    assert own_bytes(told) == own


def test_what_tells_nothing_is_an_error() -> None:
    with pytest.raises(EngineError, match="does not tell"):
        own_bytes("")


def test_the_containers_of_a_service_count_together() -> None:
    containers = [make_container("risk"), make_container("risk"), make_container("gateway")]
    docker = SimpleNamespace(exec=lambda *_: SECOND)
    lab = SimpleNamespace(stack=SimpleNamespace(ps=lambda: containers, docker=docker))
    assert by_service(lab) == {"gateway": 1.5, "risk": 3.0}  # type: ignore[arg-type]
