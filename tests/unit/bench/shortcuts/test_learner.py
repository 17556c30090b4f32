from pathlib import Path

import pytest

from bench.shortcuts.learner import Learner
from labctl.base.errors import LabStateError, NotFoundError
from labctl.state.change_feed import NewChange
from labctl.state.journal import LOOK_UP
from tests.support.fake_lab import make_lab


def test_a_learner_gets_the_commands_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, _ = make_lab("lab", tmp_path, monkeypatch)
    lab.store.changes.add(NewChange("flag", "payments", "Try it", "exact=on", "exact=off", "c.meyer", "+x\n"))
    learner = Learner("lab")
    (change,) = learner.ask("changes", "--since", "1h")["changes"]
    assert (change["component"], change["kind"]) == ("payments", "flag")
    assert learner.ask("diff", "payments")["diff"] == "+x\n"


def test_every_question_is_in_the_journal_as_a_learners(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, _ = make_lab("lab", tmp_path, monkeypatch)
    Learner("lab").ask("changes", "--since", "1h")
    assert [each.payload["command"] for each in lab.store.journal.entries(kind=LOOK_UP)] == ["changes"]


def test_errors_are_those_of_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABCTL_STATE_DIR", str(tmp_path))
    with pytest.raises(NotFoundError):
        Learner("nowhere").ask("changes")


def test_an_answer_that_is_no_json_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_lab("lab", tmp_path, monkeypatch)
    learner = Learner("lab")
    monkeypatch.setattr(learner, "_program", lambda *_args, **_kw: None)
    with pytest.raises(LabStateError, match="`labctl changes --json` gave no answer"):
        learner.ask("changes")
