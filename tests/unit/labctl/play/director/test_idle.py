from __future__ import annotations

import time

import pytest

from labctl.actions.live import Watch
from labctl.base.errors import LabHeldError, LabStateError
from labctl.lab.lab import Lab
from labctl.model.incident_document import to_document
from labctl.operate import background, pausing
from labctl.play import incidents
from labctl.play.director import idle
from labctl.state import attention
from labctl.state.locking import locked
from labctl.state.script import Script
from tests.support.fake_incident import open_incident
from tests.support.fake_lab import frozen_in


@pytest.fixture
def idle_lab(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Lab:
    frozen_in(monkeypatch)
    attention.choose(lab.store, 30)
    attention.note(lab.store, time.time() - 3600)
    return lab


def test_a_lab_that_nobody_uses_is_paused_and_resuming_it_is_use(idle_lab: Lab) -> None:
    idle.pause("lab")
    assert idle_lab.paused
    with locked("lab", "resume"):
        pausing.wake(idle_lab)
    idle.pause("lab")
    assert not idle_lab.paused


def test_who_came_meanwhile_keeps_it_awake(idle_lab: Lab) -> None:
    idle_lab.store.journal.looked_up("metrics")
    idle.pause("lab")
    assert not idle_lab.paused


def test_a_room_that_somebody_watches_keeps_it_awake(idle_lab: Lab) -> None:
    Watch("lab").look()
    idle.pause("lab")
    assert not idle_lab.paused


def test_an_open_incident_keeps_it_awake(idle_lab: Lab) -> None:
    incident = open_incident()
    idle_lab.store.documents.put(incidents.KIND, incident.id, to_document(incident))
    with pytest.raises(LabStateError, match="still open"):
        idle.pause("lab")
    assert not idle_lab.paused


def test_a_command_at_work_keeps_it_awake(idle_lab: Lab) -> None:
    with locked("lab", "verify"), pytest.raises(LabHeldError):
        idle.pause("lab")
    assert not idle_lab.paused


def test_a_director_is_wanted_for_it_where_no_colleague_works(lab: Lab) -> None:
    lab.store.script.write(Script(7, playing=False))
    assert not background.DIRECTOR.wanted(lab.store)
    attention.choose(lab.store, 30)
    assert background.DIRECTOR.wanted(lab.store)
