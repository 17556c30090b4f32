from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import EngineError, LabStateError
from labctl.lab.cpu_limits import PERIOD_US, Limit
from labctl.lab.lab import Lab
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
    assert stack.docker.seen() == HostState(cpus={"id-risk": (2_000, 100_000)})
    assert lab.store.changes.list() == []


def test_restoring_gives_back_exactly_what_there_was(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    stack.docker.state.cpus["id-risk"] = (123_457, 250_000)
    lab.limit_cpu("risk", 0.5)
    lab.limit_cpu("risk", 0.1)
    lab.restore_cpu("risk")
    assert stack.docker.seen() == HostState(cpus={"id-risk": (123_457, 250_000)})


def test_a_cut_that_was_killed_before_docker_answered_is_mended(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    stack.docker.refuses.add("update")
    with pytest.raises(EngineError):
        lab.limit_cpu("risk", 0.5)
    stack.docker.refuses.clear()
    stack.docker.state.cpus["id-risk"] = (5_000, 100_000)
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
    assert stack.docker.commands == [
        ("update", "--cpu-period", "100000", "--cpu-quota", "2000", "id-risk"),
        ("update", "--cpu-period", "100000", "--cpu-quota", "100000", "id-risk"),
    ]
    assert lab.store.touched_at > 0


def test_a_service_that_uses_little_gets_its_little_in_longer_periods(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.limit_cpu("risk", 0.1)
    assert stack.docker.seen().cpus == {"id-risk": (2_000, 500_000)}


def test_docker_takes_no_less_than_a_thousandth_of_a_second(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.limit_cpu("risk", 0.001)
    assert stack.docker.seen().cpus == {"id-risk": (1_000, 1_000_000)}


@given(st.floats(0.002, 2))
def test_a_limit_comes_to_the_cores_that_were_asked_for(cores: float) -> None:
    limit = Limit.of(cores)
    # Rounded to whole microseconds, which of the smallest quota is one in four thousand.
    assert limit.quota == pytest.approx(cores * limit.period, abs=0.5)
    assert limit.quota >= 1_999, "an answer has to fit into one turn"


@given(st.floats(0, 1_000))
def test_a_limit_is_one_that_the_kernel_takes(cores: float) -> None:
    limit = Limit.of(cores)
    assert PERIOD_US <= limit.period <= 1_000_000
    assert limit.quota >= 1_000


@given(st.floats(0.02, 2))
def test_what_is_enough_for_an_answer_keeps_the_usual_period(cores: float) -> None:
    assert Limit.of(cores).period == PERIOD_US


def test_a_share_of_nobody_knows_what_is_refused(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    with pytest.raises(LabStateError, match="CPU that payments uses"):
        lab.limit_cpu("payments", 0.5)
    assert stack.docker.commands == []
