from __future__ import annotations

from pathlib import Path

import pytest

from labctl.base.errors import NotFoundError
from labctl.lab import undo
from labctl.lab.lab import Lab
from tests.support.fake_lab import FakeStack, make_lab


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    return make_lab("lab", tmp_path, monkeypatch)


def test_its_settings_change_as_a_colleague_says_and_it_is_filled_again(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    change = lab.cache.configure("MAXMEMORY", "3mb", author="p.novak", summary="Right-size Redis")
    assert change is not None
    assert (change.component, change.old, change.new) == ("redis", "MAXMEMORY=48mb", "MAXMEMORY=3mb")
    assert stack.rollouts == ["redis"]
    undo.replay(lab)
    assert lab.configuration.settings("redis")["MAXMEMORY"] == "48mb"
    assert stack.rollouts == ["redis", "redis", "risk"]


def test_what_redis_has_not_or_has_already_touches_nothing(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    with pytest.raises(NotFoundError):
        lab.cache.configure("MAXMEM", "3mb", author="a", summary="s")
    assert lab.cache.configure("MAXMEMORY", "48mb", author="a", summary="s") is None
    assert (stack.rollouts, lab.store.undo_log.entries()) == ([], [])


def test_redis_tells_what_its_memory_is_used_for(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    assert 0 < lab.cache.memory().cached < lab.cache.memory().used < stack.docker.used_memory
