from __future__ import annotations

from pathlib import Path

import pytest

from labctl.base.errors import EngineError, LabStateError
from labctl.lab import undo
from labctl.lab.lab import Lab
from tests.support.fake_host import HostState
from tests.support.fake_lab import FakeStack, make_container, make_lab

POOL, TIMEOUT = "DB_POOL_MAX", "RISK_TIMEOUT_MS"


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    stack.containers = [make_container("risk"), make_container("payments")]
    return lab, stack


def change(lab: Lab, service: str, key: str, value: str) -> None:
    lab.configuration.change(service, key, value, author="c.meyer", summary="Because")


def test_whoever_changed_what_the_newest_goes_first_and_nothing_is_left(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    before = lab.files.text("risk"), lab.files.text("payments")
    change(lab, "payments", POOL, "1")
    lab.cpu.limit("risk", 0.5)
    change(lab, "risk", POOL, "2")
    stack.rollouts.clear()
    assert undo.replay(lab) == 3
    assert (lab.files.text("risk"), lab.files.text("payments")) == before
    assert stack.docker.seen() == HostState()
    assert stack.rollouts == ["risk", "payments"]
    assert lab.store.undo_log.entries() == []
    assert lab.store.touched_at > 0


def test_what_was_changed_twice_is_what_it_was_first_after_one_roll_out(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    before = lab.files.text("payments")
    change(lab, "payments", POOL, "1")
    change(lab, "payments", TIMEOUT, "32")
    change(lab, "payments", POOL, "2")
    stack.rollouts.clear()
    undo.replay(lab)
    assert lab.files.text("payments") == before
    assert stack.rollouts == ["payments"]


def test_nothing_to_undo_touches_nothing(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    assert undo.replay(lab) == 0
    assert (stack.rollouts, stack.docker.commands, lab.store.changes.list()) == ([], [], [])
    assert lab.store.touched_at == 0


def test_what_can_not_be_taken_back_stays_in_the_log_and_the_next_try_goes_on(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    change(lab, "risk", POOL, "2")
    lab.cpu.limit("risk", 0.5)
    stack.fails_with = EngineError("the daemon went away")
    with pytest.raises(EngineError):
        undo.replay(lab)
    assert stack.docker.seen() == HostState()
    assert [each.mechanism for each in lab.store.undo_log.entries()] == ["configuration"]
    stack.fails_with = None
    assert undo.replay(lab) == 1
    assert lab.configuration.settings("risk")[POOL] == "3"
    assert len(lab.store.changes.list()) == 2, "a way back that was cut short is told once"


def test_a_way_that_this_labctl_does_not_know_is_said(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    lab.store.undo_log.add("gravity", "all", {})
    with pytest.raises(LabStateError, match="does not know"):
        undo.replay(lab)


def test_what_holds_is_not_done_again(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    change(lab, "risk", POOL, "2")
    lab.cpu.limit("risk", 0.5)
    commands = len(stack.docker.commands)
    assert undo.reapply(lab) == []
    assert len(stack.docker.commands) == commands


def test_a_container_made_since_then_is_limited_and_given_back_too(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.cpu.limit("risk", 0.5)
    lab.memory.limit("risk", 100)
    limited = stack.docker.seen()
    stack.docker.state.cpus.clear()
    stack.docker.state.memory.clear()
    stack.containers = [make_container("risk", number=2)]
    assert undo.reapply(lab) == ["cpu", "memory"]
    assert list(stack.docker.seen().cpus.values()) == list(limited.cpus.values())
    assert list(stack.docker.seen().memory.values()) == list(limited.memory.values())
    undo.replay(lab)
    assert stack.docker.seen() == HostState()
