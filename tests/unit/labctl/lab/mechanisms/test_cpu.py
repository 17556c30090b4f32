from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import EngineError, LabStateError
from labctl.lab import undo
from labctl.lab.lab import Lab
from labctl.lab.mechanisms.cpu import PERIOD_US, limit_of
from tests.support.fake_host import HostState
from tests.support.fake_lab import FakeStack, make_container, make_lab


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    stack.containers = [make_container("risk"), make_container("payments")]
    return lab, stack


def test_only_the_services_containers_are_limited_and_nobody_tells(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.cpu.limit("risk", 0.5)
    assert stack.docker.seen() == HostState(cpus={"id-risk": (2_000, 100_000)})
    assert lab.store.changes.list() == []


def test_undoing_gives_back_exactly_what_there_was(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    stack.docker.state.cpus["id-risk"] = (123_457, 250_000)
    lab.cpu.limit("risk", 0.5)
    lab.cpu.limit("risk", 0.1)
    undo.replay(lab)
    assert stack.docker.seen() == HostState(cpus={"id-risk": (123_457, 250_000)})


def test_a_cut_that_was_killed_before_docker_answered_is_mended(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    stack.docker.refuses.add("update")
    with pytest.raises(EngineError):
        lab.cpu.limit("risk", 0.5)
    stack.docker.refuses.clear()
    stack.docker.state.cpus["id-risk"] = (5_000, 100_000)
    undo.replay(lab)
    assert stack.docker.seen() == HostState()


def test_a_container_made_since_then_is_left_alone(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.cpu.limit("risk", 0.5)
    stack.containers = [make_container("payments")]
    commands = len(stack.docker.commands)
    undo.replay(lab)
    assert len(stack.docker.commands) == commands


def test_quota_and_period_change_together(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.cpu.limit("risk", 0.5)
    undo.replay(lab)
    assert stack.docker.commands == [
        ("update", "--cpu-period", "100000", "--cpu-quota", "2000", "id-risk"),
        ("update", "--cpu-period", "100000", "--cpu-quota", "100000", "id-risk"),
    ]
    assert lab.store.touched_at > 0


def test_a_service_that_uses_little_gets_its_little_in_longer_periods(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.cpu.limit("risk", 0.1)
    assert stack.docker.seen().cpus == {"id-risk": (2_000, 500_000)}


def test_docker_takes_no_less_than_a_thousandth_of_a_second(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.cpu.limit("risk", 0.001)
    assert stack.docker.seen().cpus == {"id-risk": (1_000, 1_000_000)}


@given(st.floats(0.002, 2))
def test_a_limit_comes_to_the_cores_that_were_asked_for(cores: float) -> None:
    limit = limit_of(cores)
    # Rounded to whole microseconds, which of the smallest quota is one in four thousand.
    assert limit["cpu-quota"] == pytest.approx(cores * limit["cpu-period"], abs=0.5)
    assert limit["cpu-quota"] >= 1_999, "an answer has to fit into one turn"


@given(st.floats(0, 1_000))
def test_a_limit_is_one_that_the_kernel_takes(cores: float) -> None:
    limit = limit_of(cores)
    assert PERIOD_US <= limit["cpu-period"] <= 1_000_000
    assert limit["cpu-quota"] >= 1_000


@given(st.floats(0.02, 2))
def test_what_is_enough_for_an_answer_keeps_the_usual_period(cores: float) -> None:
    assert limit_of(cores)["cpu-period"] == PERIOD_US


def test_a_share_of_nobody_knows_what_is_refused(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    with pytest.raises(LabStateError, match="CPU that payments uses"):
        lab.cpu.limit("payments", 0.5)
    assert stack.docker.commands == []
