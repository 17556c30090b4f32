from __future__ import annotations

from pathlib import Path

import pytest

from labctl.errors import EngineError, LabStateError
from labctl.lab import Lab
from tests.support.fake_host import HostState
from tests.support.fake_lab import FakeStack, make_container, make_lab


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    stack.containers = [make_container("risk"), make_container("payments")]
    return lab, stack


def test_only_the_services_containers_are_limited_and_nobody_tells(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.limit_cpu("risk", 0.5)
    assert stack.docker.seen() == HostState(cpus={"id-risk": 20_000_000})
    assert lab.store.changes.list() == []


def test_restoring_gives_back_exactly_what_there_was(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    stack.docker.state.cpus["id-risk"] = 1_234_567_891
    lab.limit_cpu("risk", 0.5)
    lab.limit_cpu("risk", 0.1)
    lab.restore_cpu("risk")
    assert stack.docker.seen() == HostState(cpus={"id-risk": 1_234_567_891})


def test_a_cut_that_was_killed_before_docker_answered_is_mended(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    stack.docker.refuses.add("update")
    with pytest.raises(EngineError):
        lab.limit_cpu("risk", 0.5)
    stack.docker.refuses.clear()
    stack.docker.state.cpus["id-risk"] = 50_000_000
    lab.restore_cpu("risk")
    assert stack.docker.seen() == HostState()


def test_a_container_made_since_then_is_left_alone(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.limit_cpu("risk", 0.5)
    stack.containers = [make_container("payments")]
    commands = len(stack.docker.commands)
    lab.restore_cpu("risk")
    assert len(stack.docker.commands) == commands


def test_restoring_what_was_not_cut_touches_nothing(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.restore_cpu("risk")
    assert stack.docker.commands == []
    assert lab.store.touched_at == 0
    lab.limit_cpu("risk", 0.5)
    lab.restore_cpu("risk")
    lab.restore_cpu("risk")
    assert [command[2] for command in stack.docker.commands] == ["0.020000000", "1.000000000"]
    assert lab.store.touched_at > 0


def test_docker_takes_no_less_than_a_hundredth_of_a_core(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.limit_cpu("risk", 0.001)
    assert stack.docker.seen().cpus == {"id-risk": 10_000_000}


def test_a_share_of_nobody_knows_what_is_refused(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    with pytest.raises(LabStateError, match="CPU that payments uses"):
        lab.limit_cpu("payments", 0.5)
    assert stack.docker.commands == []
