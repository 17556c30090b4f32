from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from labctl.actions import labs as action
from labctl.cli.commands.ls import ls
from labctl.lab.lab import Lab
from labctl.model.incident_document import to_document
from labctl.play import incidents
from tests.support.fake_daemon import FakeDaemon
from tests.support.fake_incident import open_incident
from tests.support.fake_lab import make_container, make_record


@pytest.fixture
def labs(fake_daemon: FakeDaemon) -> list[Lab]:
    return [_made(fake_daemon, name) for name in ("blue", "red")]


def _made(daemon: FakeDaemon, name: str) -> Lab:
    lab = Lab(name)
    lab.folder.mkdir(parents=True)
    lab.store.prepare()
    lab.store.save(replace(make_record(name, 5.0), subnet="10.213.0.0/26"))
    for service in ("risk", "gateway"):
        one = replace(make_container(service, f"labctl-{name}"), id=f"{name}-{service}")
        daemon.containers[one.id] = one
        daemon.used[one.id] = (60e6, 0.125)
    return lab


def machine(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    ls(as_json=True)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_every_lab_with_what_it_costs(labs: list[Lab], capsys: pytest.CaptureFixture[str]) -> None:
    ls()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["LAB", "STATE", "INCIDENT", "RATE", "MEMORY", "CPU", "PORTS"]
    assert lines[1].split()[:7] == ["blue", "running", "-", "5/s", "120", "MB", "0.25"]
    assert lines[1].split()[7:11] == ["20000", "20001", "20002", "20003"]
    assert lines[2].startswith("red")
    assert "Together: 240 MB, 0.50 cores." in lines[-1]


def test_the_machines_answer(labs: list[Lab], capsys: pytest.CaptureFixture[str]) -> None:
    found = machine(capsys)
    assert [each["name"] for each in found["labs"]] == ["blue", "red"]
    blue = found["labs"][0]
    assert (blue["memory_mb"], blue["cores"], blue["containers"], blue["running"]) == (120.0, 0.25, 2, 2)
    assert (blue["status"], blue["paused_since"], blue["incident"], blue["trouble"]) == ("running", None, None, None)
    assert (blue["subnet"], blue["interfaces"]["prometheus"]) == ("10.213.0.0/26", "http://127.0.0.1:20001")


def test_an_incident_is_told_by_number_and_clock_and_never_its_fault(
    labs: list[Lab], capsys: pytest.CaptureFixture[str]
) -> None:
    incident = open_incident()
    labs[1].store.documents.put(incidents.KIND, incident.id, to_document(incident))
    found = machine(capsys)["labs"][1]["incident"]
    assert set(found) == {"incident", "status", "clock_s"}
    assert (found["incident"], found["status"]) == ("INC-0001", "open")
    ls()
    out = capsys.readouterr().out
    assert "INC-0001, " in out
    assert incident.fault not in out


def test_a_paused_lab_and_one_with_stopped_containers_say_so(
    labs: list[Lab], fake_daemon: FakeDaemon, capsys: pytest.CaptureFixture[str]
) -> None:
    labs[0].store.save(replace(labs[0].record, status="paused"))
    labs[0].store.set("paused", {"at": 1_000_000.0})
    for each in ("blue-risk", "blue-gateway"):
        fake_daemon.containers[each] = replace(fake_daemon.containers[each], state="paused")
    fake_daemon.containers["red-risk"] = replace(fake_daemon.containers["red-risk"], state="exited")
    ls()
    blue, red = capsys.readouterr().out.splitlines()[1:3]
    assert blue.split()[1] == "paused"
    assert "running, 1 of 2 run" in red
    found = machine(capsys)["labs"][0]
    assert (found["running"], found["memory_mb"]) == (0, 120.0)
    assert found["paused_since"].startswith("1970-01-12")


def test_labs_are_listed_without_docker_too(
    labs: list[Lab], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/gone")
    found = machine(capsys)["labs"][0]
    assert (found["status"], found["memory_mb"], found["cores"]) == ("running", None, None)
    assert "Docker daemon" in found["trouble"]


def test_a_lab_whose_state_is_damaged_is_listed_with_its_trouble(
    labs: list[Lab], capsys: pytest.CaptureFixture[str]
) -> None:
    with labs[0].store.database.writing() as connection:
        connection.execute("DELETE FROM settings")
    ls()
    out = capsys.readouterr().out
    assert out.splitlines()[1].split()[:2] == ["blue", "unknown"]
    assert "blue: the lab in" in out


def test_no_lab_says_what_to_do(capsys: pytest.CaptureFixture[str], fake_daemon: FakeDaemon) -> None:
    ls()
    assert "There is no lab. Next: labctl up" in capsys.readouterr().out
    assert action.labs().labs == ()
