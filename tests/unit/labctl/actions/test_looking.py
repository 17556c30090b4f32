from __future__ import annotations

import time
from pathlib import Path

import pytest

from labctl.actions.looking import AGAIN_S, look, refreshing
from labctl.lab.lab import Lab
from labctl.state.journal import LOOK_UP
from labctl.state.script import Script
from tests.support.fake_lab import make_lab


def test_a_look_up_starts_a_director_that_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_director: list[str]
) -> None:
    lab, _ = make_lab("lab", tmp_path, monkeypatch)
    monkeypatch.setattr(Lab, "open", lambda _name: lab)
    look("lab", "changes")
    assert no_director == []
    lab.store.script.write(Script(1))
    look("lab", "changes")
    assert no_director == ["lab"]


def test_keeping_an_answer_fresh_is_no_new_look_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, _ = make_lab("lab", tmp_path, monkeypatch)
    look("lab", "changes", since="")
    with refreshing():
        look("lab", "changes", since="")
        look("lab", "changes", since="5m")
    look("lab", "changes", since="")
    asked = [entry.payload["since"] for entry in lab.store.journal.entries(kind=LOOK_UP)]
    assert asked == ["", "5m", ""]


def test_what_was_looked_up_long_ago_is_looked_up_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, _ = make_lab("lab", tmp_path, monkeypatch)
    look("lab", "changes")
    later = time.time() + AGAIN_S + 60
    monkeypatch.setattr(time, "time", lambda: later)
    with refreshing():
        look("lab", "changes")
    assert len(lab.store.journal.entries(kind=LOOK_UP)) == 2
