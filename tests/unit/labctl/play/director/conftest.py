from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from labctl.lab.lab import Lab
from labctl.state.script import Script
from tests.support.example_change import FLAG, JOB, NEWS, POOL, use_changes
from tests.support.fake_lab import FakeStack, make_lab


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    """A lab in which colleagues work, with three changes to make."""
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    lab.flag_file.prepare()
    lab.store.save(replace(lab.record, status="running"))
    lab.store.script.write(Script(7))
    monkeypatch.setattr(Lab, "open", lambda _name: lab)
    use_changes(monkeypatch, POOL, NEWS, FLAG, JOB)
    return lab, stack


@pytest.fixture
def lab(made: tuple[Lab, FakeStack]) -> Lab:
    return made[0]
