from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from labctl.actions import up as action
from labctl.base.errors import WaitTimeoutError
from labctl.cli.commands import up as command
from labctl.health.steady_state import Reading, probes
from labctl.lab.lab import Lab
from labctl.operate.launch import Launch
from labctl.operate.plan import LabOptions
from tests.support.fake_lab import make_lab

READINGS = tuple(Reading(probe, 1.0) for probe in probes(20))


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    return make_lab("blue", tmp_path, monkeypatch)[0]


def answer(monkeypatch: pytest.MonkeyPatch, launch: Launch) -> list[tuple[str, LabOptions]]:
    asked: list[tuple[str, LabOptions]] = []

    def bring_up(name: str, options: LabOptions, **_: object) -> Launch:
        asked.append((name, options))
        return launch

    monkeypatch.setattr(action, "bring_up", bring_up)
    return asked


def test_it_says_where_to_look_and_what_to_type_next(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = answer(monkeypatch, Launch(lab, True, READINGS, 12.34))
    command.up("blue", rps=20, seed=3, bind="127.0.0.1")
    captured = capsys.readouterr()
    assert asked == [("blue", LabOptions(20, 3, "127.0.0.1", None))]
    assert "healthy at 20 requests/s, after 12.3 s" in captured.out
    assert "http://127.0.0.1:20000" in captured.out
    assert "Next: labctl break --name blue" in captured.out
    assert captured.err == ""


def test_a_lab_left_alone_says_so(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, Launch(lab, False, READINGS, 0.2))
    command.up("blue")
    assert "nothing to do" in capsys.readouterr().out


def test_a_lab_in_an_incident_points_at_the_page(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, Launch(lab, False, (), 0.2))
    command.up("blue")
    out = capsys.readouterr().out
    assert "an incident is open" in out
    assert "Next: labctl page --name blue" in out


def test_ports_open_beyond_loopback_are_warned_about(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lab.store.save(replace(lab.record, bind="0.0.0.0"))  # noqa: S104
    answer(monkeypatch, Launch(lab, True, READINGS, 1))
    command.up("blue")
    assert "open on 0.0.0.0" in capsys.readouterr().err


def test_the_machines_answer(lab: Lab, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    answer(monkeypatch, Launch(lab, True, READINGS, 12.34))
    command.up("blue", as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["name"], told["started"], told["seconds"], told["rps"], told["seed"]) == ("blue", True, 12.3, 20.0, 1)
    assert told["interfaces"]["prometheus"] == "http://127.0.0.1:20001"
    assert len(told["steady_state"]) == len(READINGS)


def test_a_share_of_the_cpu_is_asked_for_and_told(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lab.store.save(replace(lab.record, cpu_share=0.5, calibration={"scan_ms": 18.0, "speed": 0.5}))
    asked = answer(monkeypatch, Launch(lab, True, READINGS, 12.34))
    command.up("blue", cpu_share=0.5, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert asked == [("blue", LabOptions(cpu_share=0.5))]
    assert (told["cpu_share"], told["calibration"]) == (0.5, {"scan_ms": 18.0, "speed": 0.5})


def test_failures_pass_through(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_name: str, _wish: LabOptions, **_: object) -> Launch:
        raise WaitTimeoutError("the steady state did not happen")

    monkeypatch.setattr(action, "bring_up", fail)
    with pytest.raises(WaitTimeoutError):
        command.up("blue")


def test_colleagues_come_to_a_new_lab_unless_they_are_told_not_to(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, no_director: list[str]
) -> None:
    answer(monkeypatch, Launch(lab, True, READINGS, 12.34))
    command.up("blue", colleagues=False)
    assert (no_director, lab.store.changes.list()) == ([], [])
    command.up("blue", colleagues=True)
    assert no_director == ["blue"]
    assert lab.store.changes.list()
