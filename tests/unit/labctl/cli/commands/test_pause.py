from __future__ import annotations

import json
from pathlib import Path

import pytest

from labctl.base.errors import LabHeldError, LabStateError
from labctl.cli.commands import pause as command
from labctl.cli.commands import sql, status
from labctl.health.steady_state import probes
from labctl.lab.lab import Lab
from labctl.model.incident_document import to_document
from labctl.play import incidents
from labctl.state.locking import locked
from tests.support.fake_incident import open_incident
from tests.support.fake_lab import frozen_in, make_container, make_lab
from tests.support.fake_metrics import FakeMetrics, steady

VALUES = (20.0, 0.0, 0.1, 0.92, 0.0, 0.0, 0.0, 0.0, 0.0)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return frozen_in(monkeypatch)


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, done: list[str]) -> Lab:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    stack.containers = [make_container("risk"), make_container("gateway")]
    found = zip(probes(20), VALUES, strict=True)
    lab.__dict__["metrics"] = FakeMetrics({probe.query: steady(value) for probe, value in found})
    monkeypatch.setattr(Lab, "open", lambda _name: lab)
    return lab


def test_pausing_says_how_to_go_on(lab: Lab, done: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    command.pause("lab")
    out = capsys.readouterr().out
    assert "The lab 'lab' is paused." in out
    assert "labctl resume" in out
    assert done == ["freeze"]
    command.pause("lab")
    assert "was paused already" in capsys.readouterr().out


def test_resuming_waits_until_the_lab_is_healthy(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    command.pause("lab")
    command.resume("lab")
    out, err = capsys.readouterr()
    assert "The lab 'lab' is healthy again" in out
    assert "waiting for the steady state: done" in err
    command.resume("lab")
    assert "was not paused" in capsys.readouterr().out


def test_the_machines_answers(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    command.pause("lab", as_json=True)
    paused = json.loads(capsys.readouterr().out)
    assert (paused["schema"], paused["name"], paused["paused"]) == ("labctl.pause/1", "lab", True)
    command.resume("lab", as_json=True)
    resumed = json.loads(capsys.readouterr().out)
    assert (resumed["schema"], resumed["resumed"]) == ("labctl.resume/1", True)
    assert all(each["holds"] for each in resumed["steady_state"])


def test_an_open_incident_keeps_a_lab_awake(lab: Lab, done: list[str]) -> None:
    incident = open_incident()
    lab.store.documents.put(incidents.KIND, incident.id, to_document(incident))
    with pytest.raises(LabStateError, match="still open") as caught:
        command.pause("lab")
    assert "labctl submit" in caught.value.todo
    assert (lab.record.status, done) == ("running", [])


def test_a_lab_in_use_is_not_paused(lab: Lab, done: list[str]) -> None:
    with locked("lab", "verify"), pytest.raises(LabHeldError, match="labctl verify"):
        command.pause("lab")
    assert done == []


def test_status_and_look_ups_of_a_paused_lab_say_so(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    command.pause("lab")
    del lab.__dict__["metrics"]
    capsys.readouterr()
    status.status("lab")
    out = capsys.readouterr().out
    assert "The lab 'lab' is paused" in out
    assert out.count("unknown:") == 1
    with pytest.raises(LabStateError, match="is paused"):
        sql.sql("SELECT 1", name="lab")
