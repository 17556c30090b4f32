from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from labctl.base.errors import CancelledError, EngineError, HealError, LabStateError
from labctl.lab.lab import Lab
from labctl.operate import guard, injection
from labctl.state.locking import locked
from tests.support.example_fault import breaking, is_broken
from tests.support.fake_lab import FakeStack, make_lab

KILLED = (
    "import os, signal\n"
    "from labctl.operate import guard\n"
    "from labctl.lab.lab import Lab\n"
    "with guard.exclusive(Lab('lab'), 'break'):\n"
    "    os.kill(os.getpid(), signal.SIGKILL)\n"
)


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    return make_lab("lab", tmp_path, monkeypatch)


def enter(lab: Lab, what: str = "heal") -> None:
    with guard.exclusive(lab, what):
        pass


def outcomes(lab: Lab) -> list[tuple[str, str]]:
    entries = lab.store.journal.entries(kind=guard.OPERATION)
    return [(entry.payload["what"], entry.payload["outcome"]) for entry in entries]


def test_an_operation_is_marked_while_it_goes_on_and_journalled_when_it_ended(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    with guard.exclusive(lab, "break", {"fault": "x"}):
        assert [each.what for each in guard.interrupted(lab)] == ["break"]
    assert guard.interrupted(lab) == []
    assert outcomes(lab) == [("break", "done")]


def test_one_that_fails_is_over_too(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    with pytest.raises(EngineError), guard.exclusive(lab, "break"):
        raise EngineError("stopped")
    assert outcomes(lab) == [("break", "failed")]


def test_ctrl_c_leaves_the_marker_for_the_next_command(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    with pytest.raises(KeyboardInterrupt), guard.exclusive(lab, "break"):
        raise KeyboardInterrupt
    assert [each.what for each in guard.interrupted(lab)] == ["break"]


def test_ctrl_c_after_which_nothing_is_changed_leaves_nothing_to_the_next_command(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    with pytest.raises(CancelledError), guard.exclusive(lab, "break"), guard.cancellable(lab):
        raise KeyboardInterrupt
    assert guard.interrupted(lab) == []
    assert outcomes(lab) == [("break", "failed")]


def test_a_second_ctrl_c_while_it_heals_leaves_the_healing_to_the_next_command(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    injection.inject(lab, breaking())
    with pytest.raises(KeyboardInterrupt), guard.operating(lab, "break"), guard.cancellable(lab):
        raise KeyboardInterrupt
    assert [each.what for each in guard.interrupted(lab)] == ["break"]
    enter(lab)
    assert not is_broken(lab)


def test_a_bug_leaves_it_too(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    with pytest.raises(ZeroDivisionError), guard.exclusive(lab, "break"):
        raise ZeroDivisionError
    assert [each.what for each in guard.interrupted(lab)] == ["break"]


def test_it_says_how_much_of_an_interrupted_command_was_mended(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    with guard.exclusive(lab, "break") as left:
        assert left == guard.Recovered()
    lab.store.operations.begin("break")
    injection.inject(lab, breaking())
    with guard.exclusive(lab, "break") as left:
        assert left == guard.Recovered(interrupted=1, faults=1)
        assert not is_broken(lab)


def test_nobody_gets_in_while_another_command_holds_the_lab(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    with locked("lab", "verify"), pytest.raises(LabStateError, match="'labctl verify'"):
        enter(lab)


@pytest.mark.parametrize("what", ["break", "verify", "heal"])
def test_what_was_interrupted_is_explained_and_healed_first(
    made: tuple[Lab, FakeStack], capsys: pytest.CaptureFixture[str], what: str
) -> None:
    lab, _ = made
    injection.inject(lab, breaking())
    lab.store.operations.begin(what)
    enter(lab)
    assert not is_broken(lab)
    assert f"'labctl {what}' (process {os.getpid()}, started" in capsys.readouterr().err
    assert outcomes(lab) == [(what, "mended"), ("heal", "done")]
    assert injection.injected(lab) == []


def test_a_process_killed_in_the_middle_is_mended_by_the_next_command(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    injection.inject(lab, breaking())
    done = subprocess.run([sys.executable, "-c", KILLED], check=False)
    assert done.returncode == -signal.SIGKILL
    assert [each.what for each in guard.interrupted(lab)] == ["break"]
    enter(lab)
    assert not is_broken(lab)
    assert guard.interrupted(lab) == []


@pytest.mark.parametrize("what", ["up", "down"])
def test_what_can_be_given_again_is_only_explained(
    made: tuple[Lab, FakeStack], capsys: pytest.CaptureFixture[str], what: str
) -> None:
    lab, _ = made
    injection.inject(lab, breaking())
    lab.store.operations.begin(what)
    enter(lab)
    assert is_broken(lab)
    assert f"run `labctl {what}` again" in capsys.readouterr().err
    assert [each.what for each in guard.interrupted(lab)] == [what]


def test_what_cannot_be_healed_stays_marked(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    injection.inject(lab, breaking())
    stack.fails_with = EngineError("the daemon went away")
    lab.store.operations.begin("verify")
    with pytest.raises(HealError):
        enter(lab)
    assert [each.what for each in guard.interrupted(lab)] == ["verify"]


def test_state_that_is_gone_at_the_end_hides_nothing(
    made: tuple[Lab, FakeStack], capsys: pytest.CaptureFixture[str]
) -> None:
    lab, _ = made
    with guard.operating(lab, "down"):
        lab.store.database.path.unlink()
    assert "state.db" in capsys.readouterr().err


def test_an_interrupted_mitigation_is_taken_back_alone(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    injection.inject(lab, breaking())
    fault = lab.store.undo_log.entries()
    lab.store.operations.begin(guard.MITIGATE, {"after": lab.store.undo_log.last})
    lab.configuration.change("payments", "RISK_TIMEOUT_MS", "9", author="you", summary="Wait less")
    assert "takes back what it had done" in guard.explain(lab, *guard.interrupted(lab))
    with locked(lab.name, "debrief"):
        recovered = guard.recover(lab)
    assert (recovered.interrupted, recovered.faults) == (1, 0)
    assert lab.configuration.settings("payments")["RISK_TIMEOUT_MS"] == "200"
    assert lab.store.undo_log.entries() == fault
    assert injection.injected(lab) == [breaking().id]
    assert outcomes(lab) == [(guard.MITIGATE, "mended")]
