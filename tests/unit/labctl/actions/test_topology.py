from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from labctl.actions import looking as looks
from labctl.actions import topology
from labctl.actions.edge_changes import Odd
from labctl.model.incident_document import to_document
from labctl.model.measurement import Window
from labctl.play import incidents
from tests.support import topology_telemetry
from tests.support.fake_incident import open_incident
from tests.support.http_server import serving
from tests.support.looking import Looking, make_looking


@pytest.fixture
def trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Looking]:
    with serving() as server:
        yield _in_trouble(make_looking(tmp_path, server, monkeypatch, capsys))


def _in_trouble(looking: Looking) -> Looking:
    topology_telemetry.record(looking.server)
    alert = {"labels": {"alertname": "A", "service": "gateway", "severity": "page"}, "annotations": {}}
    alerts = [{**alert, "state": "firing", "activeAt": "2026-01-31T14:03:05Z", "value": "1"}]
    looking.server.reply("/api/v1/alerts", {"status": "success", "data": {"alerts": alerts}})
    return looking


def break_it(looking: Looking) -> float:
    """Put an open incident into the lab; return when its healthy window ended."""
    end = time.time() - 80
    incident = replace(open_incident(), id=f"INC-{time.time_ns()}", healthy=Window(end - 30, end))
    looking.lab.store.documents.put(incidents.KIND, incident.id, to_document(incident))
    return end


def test_each_connection_is_beside_how_it_was_while_healthy(trouble: Looking) -> None:
    end = break_it(trouble)
    found = topology.compared("lab")
    change = {(each.edge.caller, each.edge.callee): each.change for each in found.connections}
    assert found.healthy
    assert found.firing == {"gateway": 1}
    assert (change["payments", "risk"].rate.healthy, change["payments", "risk"].rate.now) == (12, 21)
    assert change["payments", "risk"].errors.odd is change["payments", "risk"].p95.odd is Odd.MORE
    assert change["risk", "acquirer"].rate.odd is Odd.GONE
    assert not change["payments", "acquirer"].odd
    assert not change["payments", "redis"].odd
    asked = {each.params["time"] for each in trouble.server.requests if "time" in each.params}
    assert [float(each) for each in asked] == [pytest.approx(end, abs=0.01)]


def test_what_was_healthy_is_asked_once(trouble: Looking) -> None:
    break_it(trouble)
    topology.compared("lab")
    first = len([each for each in trouble.server.requests if "time" in each.params])
    with looks.refreshing():
        topology.compared("lab")
    assert len([each for each in trouble.server.requests if "time" in each.params]) == first > 0
    assert trouble.journal == [{"command": "topology", "window": "1m"}]


def test_without_an_incident_there_is_nothing_to_compare_with(trouble: Looking) -> None:
    found = topology.compared("lab")
    assert not found.healthy
    assert not any(each.change.odd for each in found.connections)
