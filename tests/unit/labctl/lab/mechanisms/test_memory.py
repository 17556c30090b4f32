from __future__ import annotations

from pathlib import Path

import pytest

from labctl.base.errors import EngineError
from labctl.lab import undo
from labctl.lab.lab import Lab
from tests.support.fake_host import HostState
from tests.support.fake_lab import FakeStack, make_container, make_lab


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    stack.containers = [make_container("risk"), make_container("payments")]
    return lab, stack


def test_only_the_services_containers_are_limited_without_swap_and_nobody_tells(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.memory.limit("risk", 80)
    size = str(80 * 2**20)
    assert stack.docker.commands == [("update", "--memory", size, "--memory-swap", size, "id-risk")]
    assert lab.store.changes.list() == []


def test_undoing_gives_back_what_there_was(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.memory.limit("risk", 80)
    lab.memory.limit("risk", 60)
    undo.replay(lab)
    assert stack.docker.seen() == HostState()


def test_what_docker_refuses_is_undone(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    stack.docker.refuses.add("update")
    with pytest.raises(EngineError):
        lab.memory.limit("risk", 1)
    stack.docker.refuses.clear()
    undo.replay(lab)
    assert stack.docker.seen() == HostState()
