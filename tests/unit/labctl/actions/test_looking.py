from __future__ import annotations

from pathlib import Path

import pytest

from labctl.actions.looking import look
from labctl.lab.lab import Lab
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
