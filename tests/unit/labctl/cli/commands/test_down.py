from __future__ import annotations

import json
from pathlib import Path

import pytest

from labctl.actions import down as action
from labctl.cli.commands import down as command
from labctl.operate.teardown import Removal


@pytest.fixture
def removed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []

    def tear_down(name: str) -> Removal:
        names.append(name)
        archived = Path("/archive/blue.db") if name == "blue" else None
        return Removal(name, 13 if name == "blue" else 0, name == "blue", archived)

    monkeypatch.setattr(action, "tear_down", tear_down)
    monkeypatch.setattr(action, "all_names", lambda: ["blue", "red"])
    return names


def test_one_lab_goes_and_its_results_are_pointed_at(removed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    command.down("blue")
    out = capsys.readouterr().out
    assert removed == ["blue"]
    assert "The lab 'blue' is gone (13 containers)." in out
    assert "/archive/blue.db" in out


def test_no_lab_is_no_error(removed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    command.down("lab")
    assert "There is no lab 'lab'" in capsys.readouterr().out


def test_all_of_them(removed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    command.down("ignored", every=True, as_json=True)
    assert removed == ["blue", "red"]
    assert json.loads(capsys.readouterr().out) == {
        "schema": "labctl.down/1",
        "labs": [
            {"name": "blue", "removed": True, "containers": 13, "archived": "/archive/blue.db"},
            {"name": "red", "removed": False, "containers": 0, "archived": None},
        ],
    }


def test_all_of_none(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(action, "all_names", list)
    command.down("ignored", every=True)
    assert "There is no lab" in capsys.readouterr().out
