from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from labctl.base.errors import EngineError, HostError
from labctl.cli.commands.status import status
from labctl.health.steady_state import CLOSEST, probes
from labctl.lab import undo
from labctl.lab.lab import Lab
from labctl.model.incident_document import to_document
from labctl.operate import injection
from labctl.play import incidents
from labctl.state.change_feed import NewChange
from labctl.state.journal import LOOK_UP, Journal
from labctl.state.locking import locked
from tests.support.catalogue import use_only
from tests.support.example_fault import example
from tests.support.fake_incident import open_incident
from tests.support.fake_lab import FakeStack, make_container, make_lab
from tests.support.fake_metrics import FakeMetrics, steady

VALUES = (20.0, 0.0, 0.1, 0.92, 0.0, 0.0, 0.0, 0.0, 0.0)


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    stack.containers = [make_container("risk"), make_container("gateway", state="exited")]
    found = zip(probes(20), VALUES, strict=True)
    lab.__dict__["metrics"] = FakeMetrics({probe.query: steady(value) for probe, value in found})
    monkeypatch.setattr(Lab, "open", lambda _name: lab)
    return lab


def machine(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    status("lab", as_json=True)
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_people_see_state_probes_containers_changes_and_addresses(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    lab.store.changes.add(NewChange("configuration", "risk", "Fresher features", "a", "b", "c.meyer"))
    status("lab")
    out = capsys.readouterr().out
    assert "The lab 'lab' is healthy (running, 20 requests/s asked for)." in out
    for text in ("checkout p95", "0.1 s", "<= 0.3", "gateway", "exited", "Fresher features", "http://127.0.0.1:20000"):
        assert text in out


def test_the_machines_answer(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    answer = machine(capsys)
    assert (answer["name"], answer["status"], answer["healthy"], answer["rps"]) == ("lab", "running", True, 20.0)
    assert [each["service"] for each in answer["containers"]] == ["gateway", "risk"]
    assert {each["probe"] for each in answer["steady_state"]} == {probe.name for probe in (*probes(20), CLOSEST)}
    assert (answer["incident"], answer["in_progress"]) == (None, None)
    assert (answer["interrupted"], answer["troubles"]) == ([], [])


def test_a_replaced_container_looks_like_any_other(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    def seen(number: int) -> list[dict[str, str]]:
        lab.stack.containers = [make_container("risk", number=number)]  # type: ignore[attr-defined]
        containers: list[dict[str, str]] = machine(capsys)["containers"]
        return containers

    assert seen(2) == seen(1)


def test_looking_is_recorded(lab: Lab) -> None:
    status("lab")
    assert [entry.payload for entry in lab.store.journal.entries(kind=LOOK_UP)] == [{"command": "status"}]


def test_an_incident_shows_its_clock_and_no_hint(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    fault = example(id="secret-fault")
    injection.inject(lab, fault)
    incident = open_incident(fault.id)
    lab.store.documents.put(incidents.KIND, incident.id, to_document(incident))
    status("lab")
    status("lab", as_json=True)
    out = capsys.readouterr().out
    assert "broken on purpose" in out
    assert "INC-0001" in out
    assert "cache hit ratio" not in out
    assert "secret-fault" not in out


def test_an_interrupted_break_is_explained_and_left_to_heal(
    lab: Lab, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    use_only(monkeypatch, example())
    injection.inject(lab, example())
    lab.store.operations.begin("break")
    answer = machine(capsys)
    (said,) = answer["interrupted"]
    assert f"'labctl break' (process {os.getpid()}" in said
    assert "run `labctl heal`: it undoes" in said
    assert answer["healthy"] is False
    assert injection.injected(lab) == [example().id]
    assert [each.what for each in lab.store.operations.unfinished()] == ["break"]


def test_an_incident_that_an_interrupted_break_left_is_not_ended_by_looking(lab: Lab) -> None:
    incident = replace(open_incident(example().id), page=None)
    lab.store.documents.put(incidents.KIND, incident.id, to_document(incident))
    lab.store.operations.begin("break")
    status("lab")
    assert incidents.latest(lab) == incident


def test_what_a_restarted_container_lost_is_not_made_again_by_looking(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_lab: Lab) -> list[str]:
        raise AssertionError("status changes nothing")

    monkeypatch.setattr(undo, "lost", never)
    monkeypatch.setattr(undo, "reapply", never)
    status("lab")


def test_a_full_disk_does_not_keep_anybody_from_looking(
    lab: Lab, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise HostError("the disk is full: cannot write state.db")

    monkeypatch.setattr(Journal, "append", full)
    status("lab")
    captured = capsys.readouterr()
    assert "is healthy" in captured.out
    assert "not in the lab's journal: the disk is full" in captured.err


def test_an_interrupted_up_is_explained(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    lab.store.operations.begin("up")
    status("lab")
    captured = capsys.readouterr()
    assert "is not healthy" in captured.out
    assert "was interrupted: run `labctl up` again" in captured.out


def test_what_goes_on_is_named_and_not_touched(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    lab.store.operations.begin("verify")
    with locked("lab", "verify"):
        answer = machine(capsys)
    assert answer["in_progress"].startswith("'labctl verify' (process ")
    assert answer["interrupted"] == []
    assert [each.what for each in lab.store.operations.unfinished()] == ["verify"]


def test_a_lab_whose_containers_cannot_be_asked_says_why(
    lab: Lab, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(_self: FakeStack) -> None:
        raise EngineError("the Docker daemon does not answer")

    monkeypatch.setattr(FakeStack, "ps", stopped)
    status("lab")
    assert "unknown: the Docker daemon does not answer" in capsys.readouterr().out
