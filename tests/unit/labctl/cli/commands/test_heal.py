from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer

from labctl.base.errors import EngineError, HealError, HostError, LabStateError
from labctl.cli.commands.heal import heal
from labctl.health import steady_state
from labctl.health.steady_state import probes
from labctl.lab.lab import Lab
from labctl.model.fault import Fault
from labctl.model.incident_document import to_document
from labctl.operate import injection
from labctl.play import incidents
from tests.support.catalogue import use_only
from tests.support.example_fault import breaking
from tests.support.fake_incident import open_incident
from tests.support.fake_lab import FakeStack, make_container, make_lab
from tests.support.fake_metrics import FakeMetrics, steady

VALUES = (20.0, 0.0, 0.1, 0.92, 0.0, 0.0, 0.0, 0.0, 0.0)
HEALTHY = {probe.query: steady(value) for probe, value in zip(probes(20), VALUES, strict=True)}


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    lab.__dict__["metrics"] = FakeMetrics(HEALTHY)
    monkeypatch.setattr(Lab, "open", lambda _name: lab)
    return lab, stack


@pytest.fixture
def fault(monkeypatch: pytest.MonkeyPatch) -> Fault:
    made = breaking()
    use_only(monkeypatch, made)
    return made


def machine(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    heal("lab", as_json=True)
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return {name: answer[name] for name in ("healed", "given_up", "healthy")}


def test_what_was_injected_is_healed(
    made: tuple[Lab, FakeStack], fault: Fault, capsys: pytest.CaptureFixture[str]
) -> None:
    lab, stack = made
    injection.inject(lab, fault)
    assert machine(capsys) == {"healed": 1, "given_up": None, "healthy": True}
    assert lab.configuration.settings("risk")["DB_POOL_MAX"] == "3"
    assert machine(capsys) == {"healed": 0, "given_up": None, "healthy": True}
    assert stack.rollouts == ["risk", "risk"]


def test_what_an_interrupted_command_left_is_healed_and_waited_for(
    made: tuple[Lab, FakeStack], fault: Fault, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, _ = made
    waited: list[float] = []
    wait = steady_state.wait
    monkeypatch.setattr(
        steady_state, "wait", lambda metrics, rps, **more: waited.append(rps) or wait(metrics, rps, **more)
    )
    lab.store.operations.begin("verify")
    injection.inject(lab, fault)
    assert machine(capsys) == {"healed": 1, "given_up": None, "healthy": True}
    assert waited == [lab.rps]
    assert lab.configuration.settings("risk")["DB_POOL_MAX"] == "3"


def test_what_an_interrupted_command_mended_by_itself_is_waited_for_too(
    made: tuple[Lab, FakeStack], capsys: pytest.CaptureFixture[str]
) -> None:
    lab, _ = made
    lab.store.operations.begin("break")
    assert machine(capsys) == {"healed": 0, "given_up": None, "healthy": True}
    lab.store.operations.begin("break")
    heal("lab")
    said = capsys.readouterr()
    assert "waiting for the steady state" in said.err
    assert "no fault is injected" in said.out


def test_an_open_incident_ends(made: tuple[Lab, FakeStack], fault: Fault, capsys: pytest.CaptureFixture[str]) -> None:
    lab, _ = made
    injection.inject(lab, fault)
    incident = open_incident(fault.id)
    lab.store.documents.put(incidents.KIND, incident.id, to_document(incident))
    heal("lab")
    out = capsys.readouterr().out
    assert "INC-0001 was open: it is given up" in out
    assert "The lab is healed" in out
    latest = incidents.latest(lab)
    assert latest is not None
    assert latest.status == "given-up"


def test_the_curves_of_an_ended_incident_are_kept_before_the_lab_is_mended(
    made: tuple[Lab, FakeStack], fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, stack = made
    injection.inject(lab, fault)
    kept: list[list[str]] = []
    monkeypatch.setattr(incidents, "keep_curves", lambda _lab: kept.append(list(stack.rollouts)))
    heal("lab")
    assert kept == [["risk"]]


def test_nothing_to_heal_is_no_error(made: tuple[Lab, FakeStack], capsys: pytest.CaptureFixture[str]) -> None:
    heal("lab")
    assert "Nothing to heal" in capsys.readouterr().out


def test_nothing_to_heal_on_a_lab_that_is_sick_points_at_up(
    made: tuple[Lab, FakeStack], capsys: pytest.CaptureFixture[str]
) -> None:
    made[0].__dict__["metrics"] = FakeMetrics({})
    made[1].containers = [make_container("risk", state="exited")]
    with pytest.raises(typer.Exit) as ended:
        heal("lab")
    assert ended.value.exit_code == 1
    out = capsys.readouterr().out
    assert "out of bounds: request rate: no data" in out
    assert "labctl up" in out


def test_nothing_to_heal_on_a_lab_that_is_stopped(
    made: tuple[Lab, FakeStack], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise LabStateError("Prometheus is not answering")

    monkeypatch.setattr(FakeMetrics, "scalar", stopped)
    with pytest.raises(typer.Exit) as ended:
        heal("lab", as_json=True)
    assert ended.value.exit_code == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["healed"], answer["healthy"], answer["steady_state"]) == (0, False, [])


def test_pages_that_still_fire_are_waited_for_though_nothing_is_left_to_heal(
    made: tuple[Lab, FakeStack], capsys: pytest.CaptureFixture[str]
) -> None:
    firing = next(probe.query for probe in probes(20) if probe.name == "firing pages")
    asked: list[float] = []

    def at_first(at: float) -> float:
        asked.append(at)
        return 1.0 if len(asked) < 3 else 0.0

    made[0].__dict__["metrics"] = FakeMetrics({**HEALTHY, firing: at_first})
    assert machine(capsys) == {"healed": 0, "given_up": None, "healthy": True}
    assert len(asked) == 3


def test_pages_that_never_end_are_said_and_end_with_an_error(
    made: tuple[Lab, FakeStack], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    firing = next(probe.query for probe in probes(20) if probe.name == "firing pages")
    made[0].__dict__["metrics"] = FakeMetrics({**HEALTHY, firing: steady(1.0)})
    real = steady_state.wait
    monkeypatch.setattr(steady_state, "wait", lambda metrics, rps, **_: real(metrics, rps, timeout=0))
    with pytest.raises(typer.Exit) as ended:
        heal("lab")
    assert ended.value.exit_code == 1
    out = capsys.readouterr().out
    assert "out of bounds: firing pages: 1" in out
    assert "The lab is not healthy" in out


def test_a_disk_that_takes_no_record_of_the_incident_does_not_keep_the_lab_broken(
    made: tuple[Lab, FakeStack], fault: Fault, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lab, _ = made
    injection.inject(lab, fault)

    def full(_lab: Lab) -> None:
        raise HostError("the disk is full: cannot write state.db")

    monkeypatch.setattr(incidents, "give_up", full)
    heal("lab")
    assert injection.injected(lab) == []
    assert "could not be recorded as ended: the disk is full" in capsys.readouterr().err


def test_a_lab_that_does_not_recover_is_a_heal_error(
    made: tuple[Lab, FakeStack], fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, _ = made
    injection.inject(lab, fault)
    lab.__dict__["metrics"] = FakeMetrics({})
    real = steady_state.wait
    monkeypatch.setattr(steady_state, "wait", lambda metrics, rps, **_: real(metrics, rps, timeout=0))
    with pytest.raises(HealError, match="mended, but the lab is not healthy"):
        heal("lab")


def test_a_fault_that_cannot_be_healed_is_a_heal_error(made: tuple[Lab, FakeStack], fault: Fault) -> None:
    lab, stack = made
    injection.inject(lab, fault)
    stack.fails_with = EngineError("the daemon went away")
    with pytest.raises(HealError, match="the daemon went away"):
        heal("lab")
    assert injection.injected(lab) == [fault.id]


def test_ending_an_incident_when_the_telemetry_is_away_still_heals(
    made: tuple[Lab, FakeStack], fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, _ = made
    injection.inject(lab, fault)
    incident = open_incident(fault.id)
    lab.store.documents.put(incidents.KIND, incident.id, to_document(incident))

    def stopped(*_: object) -> None:
        raise LabStateError("Prometheus is not answering")

    monkeypatch.setattr(FakeMetrics, "query_range", stopped)
    heal("lab")
    assert injection.injected(lab) == []
