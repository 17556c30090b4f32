from __future__ import annotations

from pathlib import Path

import pytest

from labctl.actions import status as action
from labctl.actions.status import Container, Firing, status
from labctl.base.errors import EngineError, LabStateError
from labctl.health import kept, steady_state
from labctl.health.steady_state import probes
from labctl.lab.lab import Lab
from labctl.model.incident_document import to_document
from labctl.model.samples import Alert
from labctl.play import incidents
from labctl.state.change_feed import NewChange
from labctl.state.locking import locked
from tests.support.fake_incident import open_incident
from tests.support.fake_lab import FakeStack, make_container, make_lab
from tests.support.fake_metrics import FakeMetrics, steady

VALUES = (20.0, 0.0, 0.1, 0.92, 0.0, 0.0, 0.0, 0.0, 0.0)
PAGE = Alert("CheckoutErrorRatioHigh", "firing", {"severity": "page"}, {"summary": "Checkouts fail"}, 1.0)


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    stack.containers = [make_container("risk"), make_container("gateway")]
    found = zip(probes(20), VALUES, strict=True)
    lab.__dict__["metrics"] = FakeMetrics({probe.query: steady(value) for probe, value in found})
    monkeypatch.setattr(Lab, "open", lambda _name: lab)
    return lab, stack


def test_a_healthy_lab(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    lab.store.changes.add(NewChange("job", "jobs", "Reconcile", "", "", "scheduler"))
    seen = status("lab")
    assert seen.healthy
    assert [each.service for each in seen.containers] == ["gateway", "risk"]
    assert isinstance(seen.containers[0], Container)
    assert [each.probe for each in seen.steady_state] == [each.name for each in (*probes(20), steady_state.CLOSEST)]
    assert [(each.component, each.summary) for each in seen.changes] == [("jobs", "Reconcile")]
    assert (seen.pages, seen.incident, seen.interrupted, seen.troubles) == ((), None, (), ())


def test_during_an_incident_only_what_users_feel_is_measured(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    incident = open_incident()
    lab.store.documents.put(incidents.KIND, incident.id, to_document(incident))
    seen = status("lab")
    assert seen.incident is not None
    assert seen.incident.incident == incident.id
    assert {each.probe for each in seen.steady_state} == steady_state.CLIENTS_VIEW


def test_pages_that_fire_are_seen(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    lab.metrics.firing = lambda: [PAGE]  # type: ignore[attr-defined]
    assert status("lab").pages == (Firing("CheckoutErrorRatioHigh", "Checkouts fail"),)


def test_telemetry_that_was_lost_is_said(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    measured = lab.metrics.scalar
    lab.metrics.scalar = lambda query, *at: 3.0 if query == kept.LOST else measured(query, *at)  # type: ignore[method-assign]
    seen = status("lab")
    assert seen.troubles == ("spans and lines that the telemetry store lost in the last 15m: 3",)
    assert seen.healthy


def test_every_part_may_be_missing_and_says_why_once(
    made: tuple[Lab, FakeStack], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, stack = made

    def stopped(*_: object) -> list[Alert]:
        raise LabStateError("Prometheus is not answering")

    def no_daemon() -> None:
        raise EngineError("the Docker daemon does not answer")

    monkeypatch.setattr(FakeMetrics, "scalar", stopped)
    monkeypatch.setattr(FakeMetrics, "alerts", stopped)
    monkeypatch.setattr(stack, "ps", no_daemon)
    seen = status("lab")
    assert seen.troubles == ("the Docker daemon does not answer", "Prometheus is not answering")
    assert not seen.healthy
    assert (seen.containers, seen.steady_state) == ((), ())


def test_what_was_interrupted_is_not_healthy_but_what_goes_on_is_not_interrupted(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    lab.store.operations.begin("up")
    seen = status("lab")
    assert "run `labctl up` again" in seen.interrupted[0]
    assert not seen.healthy
    with locked("lab", "up"):
        assert status("lab").interrupted == ()
        assert "'labctl up'" in (status("lab").in_progress or "")


def test_a_look_is_recorded(made: tuple[Lab, FakeStack]) -> None:
    action.status("lab")
    assert [entry.payload["command"] for entry in made[0].store.journal.entries()] == ["status"]
