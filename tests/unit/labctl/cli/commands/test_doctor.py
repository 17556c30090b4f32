from __future__ import annotations

import json

import pytest
import typer

from labctl.actions import doctor as action
from labctl.base.errors import EXIT_ERROR
from labctl.cli.commands import doctor as command
from labctl.operate.diagnosis import Finding

FINE = Finding("disk", True, "50 GB free", "free some")
BAD = Finding("Docker", False, "the daemon does not answer", "run `labctl setup`")


def test_all_is_well(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(action, "diagnose", lambda: [FINE])
    command.doctor()
    out = capsys.readouterr().out
    assert "All is well." in out
    assert "free some" not in out


def test_something_wrong_is_exit_1_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(action, "diagnose", lambda: [FINE, BAD])
    with pytest.raises(typer.Exit) as caught:
        command.doctor()
    assert caught.value.exit_code == EXIT_ERROR
    assert "run `labctl setup`" in capsys.readouterr().out


def test_the_machines_answer(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(action, "diagnose", lambda: [BAD])
    with pytest.raises(typer.Exit):
        command.doctor(as_json=True)
    assert json.loads(capsys.readouterr().out) == {
        "schema": "labctl.doctor/1",
        "ok": False,
        "findings": [
            {"what": "Docker", "ok": False, "found": BAD.found, "todo": BAD.todo},
        ],
    }
