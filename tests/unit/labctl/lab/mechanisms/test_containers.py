from __future__ import annotations

from pathlib import Path

import pytest

from labctl.base import progress
from labctl.base.errors import EngineError, InputError, WaitTimeoutError
from labctl.lab import undo
from labctl.lab.lab import Lab
from labctl.lab.mechanisms.mechanism import LEFT
from tests.support.fake_lab import FakeStack, make_container, make_lab


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    return make_lab("lab", tmp_path, monkeypatch)


def test_a_restart_leaves_nothing_to_undo(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.containers.restart("risk")
    assert stack.calls == ["restart risk"]
    assert lab.store.undo_log.entries() == []


def test_one_that_does_not_serve_soon_was_restarted(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    stack.fails_with = WaitTimeoutError("risk getting ready did not happen within 30 s")
    heard: list[progress.Event] = []
    with progress.listening(heard.append):
        lab.containers.restart("risk")
    assert heard == [progress.Warned("risk was restarted, and does not serve yet")]
    assert lab.store.undo_log.entries() == []


def test_one_that_was_cut_short_is_finished(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    stack.fails_with = EngineError("docker restart refused")
    with pytest.raises(EngineError):
        lab.containers.restart("risk")
    assert [(each.mechanism, each.subject) for each in lab.store.undo_log.entries()] == [("containers", "risk")]
    undo.replay(lab)
    assert stack.calls[-1] == "mend risk"
    assert lab.store.undo_log.entries() == []


def test_what_the_old_host_did_stays_behind(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.cpu.limit("risk", 0.5)
    lab.network.lose("risk", "redis", 0.2)
    stack.containers.append(make_container("risk", number=2))
    assert undo.lost(lab) == ["cpu", "network"]
    lab.containers.move("risk")
    assert stack.rollouts == ["risk"]
    assert undo.lost(lab) == []
    undo.replay(lab)
    assert stack.docker.seen().cpus == {}
    assert stack.docker.seen().rules == {}


def test_a_move_that_fails_leaves_nothing_behind_on_the_old_host(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.cpu.limit("risk", 0.5)
    lab.network.lose("risk", "redis", 0.2)
    stack.fails_with, stack.fails_times = EngineError("no room"), 1
    with pytest.raises(EngineError):
        lab.containers.move("risk")
    assert not any(LEFT in each.before for each in lab.store.undo_log.entries())
    stack.containers.append(make_container("risk", number=2))
    assert undo.lost(lab) == ["cpu", "network"], "whatever replaces the container is on the old host"


def test_what_is_done_on_the_new_host_counts_there(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.cpu.limit("risk", 0.5)
    lab.containers.move("risk")
    lab.cpu.allow("risk", 2)
    stack.containers.append(make_container("risk", number=2))
    assert undo.reapply(lab) == ["cpu"]
    assert stack.docker.seen().cpus["id-risk-2"] == (200_000, 100_000)


@pytest.mark.parametrize("service", ["redis", "postgres"])
def test_what_keeps_state_cannot_be_moved(made: tuple[Lab, FakeStack], service: str) -> None:
    lab, stack = made
    with pytest.raises(InputError, match="keeps state"):
        lab.containers.move(service)
    assert stack.rollouts == []
