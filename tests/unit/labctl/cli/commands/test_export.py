from __future__ import annotations

import json
from pathlib import Path

import pytest

from labctl.actions import export as action
from labctl.actions.export import Format
from labctl.cli.commands.export import export
from labctl.play import incidents
from tests.support.exporting import MadeUp
from tests.support.world import World

Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def started(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action, "Stores", lambda *_: MadeUp(cut=["log lines from 1 to 2: cut at 5000 lines"]))
    incidents.start(world.lab, world.fault())


def test_files_and_windows_are_told_and_what_is_missing(tmp_path: Path, capsys: Said) -> None:
    export(tmp_path / "out", kind=Format.RCAEVAL)
    said = capsys.readouterr()
    assert "has INC-0001, as rcaeval" in said.out
    assert "inject_time.txt" in said.out
    assert "missing: log lines from 1 to 2" in said.err
    assert "without the cause: the incident is open" in said.err


def test_json(tmp_path: Path, capsys: Said) -> None:
    export(tmp_path / "out", kind=Format.OTLP, as_json=True)
    answer = json.loads(capsys.readouterr().out)
    assert answer["schema"] == "labctl.export/1"
    assert answer["with_answer"] is False
    assert len(answer["files"]) == 7
