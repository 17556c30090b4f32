from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from labctl.base.errors import EngineError, LabStateError, LookupFailedError, NotFoundError
from labctl.health import paging
from labctl.lab import undo
from labctl.lab.lab import Lab
from labctl.model.incident import Incident
from labctl.model.incident_document import to_document
from labctl.model.mitigation import Configure, Flag, Restart
from labctl.operate import injection
from labctl.play import incidents, mitigations
from tests.support.fake_incident import open_incident
from tests.support.fake_lab import FakeStack, make_container, make_lab
from tests.support.fake_metrics import FakeMetrics

POOL = Configure("payments", "DB_POOL_MAX", "16")


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    stack.containers.append(make_container("gateway"))
    return lab, stack


def pool(lab: Lab) -> str:
    return lab.configuration.settings("payments")["DB_POOL_MAX"]


def opened(lab: Lab) -> Incident:
    incident = open_incident()
    lab.store.documents.put("injection", "active", {"faults": [incident.fault]})
    lab.store.documents.put(incidents.KIND, incident.id, to_document(incident))
    return incident


def test_steps_are_numbered_kept_and_journalled(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    mitigations.take(lab, POOL)
    incident = opened(lab)
    mitigations.take(lab, Restart("risk"))
    first, second = mitigations.taken(lab.store.documents)
    assert (first.number, first.what, first.incident) == (1, "config payments DB_POOL_MAX=16", None)
    assert (second.number, second.restarts, second.incident, second.entries) == (2, "risk", incident.id, ())
    assert mitigations.taken(lab.store.documents, incident.id) == [second]
    kept = [each.payload for each in lab.store.journal.entries(kind=mitigations.KIND)]
    assert kept == [
        {"number": 1, "what": "config payments DB_POOL_MAX=16", "incident": None},
        {"number": 2, "what": "restart risk", "incident": "INC-0001"},
    ]
    assert lab.store.records.doubts() == []


def test_what_failed_is_not_kept(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    stack.fails_with, stack.fails_times = EngineError("no"), 1
    with pytest.raises(EngineError):
        mitigations.take(lab, POOL)
    assert mitigations.taken(lab.store.documents) == []


def test_undo_takes_one_step_back_and_leaves_the_others(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    lab.configuration.change("payments", "DB_POOL_MAX", "1", author="m.f", summary="Fewer")
    mitigations.take(lab, POOL)
    mitigations.take(lab, Flag("issuer-signals", "off"))
    undone = mitigations.take_back(lab, 1)
    assert undone.undone_at
    assert pool(lab) == "1"
    assert lab.flag_file.flag("issuer-signals").variant == "off"
    with pytest.raises(LabStateError, match="it was undone already"):
        mitigations.take_back(lab, 1)
    undo.replay(lab)
    assert pool(lab) == "8"
    assert lab.flag_file.flag("issuer-signals").variant == "on"


def test_what_something_newer_stands_on_is_not_undone_first(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    mitigations.take(lab, POOL)
    mitigations.take(lab, replace(POOL, value="32"))
    mitigations.take(lab, Configure("payments", "RISK_TIMEOUT_MS", "300"))
    with pytest.raises(LabStateError, match="the same was changed again") as error:
        mitigations.take_back(lab, 1)
    assert "labctl mitigate undo 2" in error.value.todo
    mitigations.take_back(lab, 2)
    assert pool(lab) == "16"
    mitigations.take_back(lab, 1)
    assert (pool(lab), lab.configuration.settings("payments")["RISK_TIMEOUT_MS"]) == ("8", "300")


def test_some_steps_cannot_be_undone_and_unknown_ones_are_said(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    mitigations.take(lab, Restart("risk"))
    with pytest.raises(LabStateError, match="nothing of it is left to undo"):
        mitigations.take_back(lab, 1)
    with pytest.raises(NotFoundError, match="no mitigation named '7'"):
        mitigations.take_back(lab, 7)


def test_a_fault_and_its_reversal_heal_together(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    lab.configuration.change("payments", "DB_POOL_MAX", "1", author="m.f", summary="Fewer")
    mitigations.take(lab, replace(POOL, value="8"))
    undo.replay(lab)
    assert pool(lab) == "8"
    assert lab.store.undo_log.entries() == []
    with pytest.raises(LabStateError, match="nothing of it is left to undo"):
        mitigations.take_back(lab, 1)


def test_when_the_service_level_came_back(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    incident = opened(lab)
    now = time.time()
    assert incident.page
    lab.__dict__["metrics"] = FakeMetrics({paging.FIRED: lambda at: 1.0 if at < now - 20 else None})
    mitigations.keep_service_level(lab)
    assert mitigations.back_at(lab.store.documents, incident) is None  # nothing was done for it
    mitigations.take(lab, POOL)
    mitigations.keep_service_level(lab)
    back = mitigations.back_at(lab.store.documents, incident)
    assert back
    assert back.at == pytest.approx(now - 20, abs=2)


def test_a_healed_lab_or_a_silent_telemetry_says_nothing_new(
    made: tuple[Lab, FakeStack], monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, _ = made
    incident = opened(lab)
    mitigations.take(lab, POOL)
    lab.store.records.put(mitigations.BACK, incident.id, {"back_at": 17.0})

    def refuse(*_: object) -> None:
        raise LookupFailedError("away")

    with monkeypatch.context() as away:
        away.setattr(lab.metrics, "query_range", refuse)
        mitigations.keep_service_level(lab)
    injection.heal(lab)
    # What is changed later keeps the log from being empty, and says nothing of the incident.
    mitigations.take(lab, POOL)
    mitigations.keep_service_level(lab)
    assert mitigations.back_at(lab.store.documents, incident) == mitigations.Back(17.0)
