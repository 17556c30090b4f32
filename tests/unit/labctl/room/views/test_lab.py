"""The lab's view: a hidden incident begins, and the lab heals, in the background."""

from __future__ import annotations

import pytest

from labctl.actions import errand
from labctl.operate import background, pausing
from labctl.room.app import create_app
from labctl.room.identity import ByCookie
from labctl.state.errand import FAILED
from tests.support.fake_lab import frozen_in
from tests.support.http_server import RecordedServer
from tests.support.room_world import HOST, PREFIX, SECRET, Browser
from tests.support.world import World
from tests.unit.labctl.room.views.test_answer import RIGHT


@pytest.fixture
def room(world: World, server: RecordedServer, monkeypatch: pytest.MonkeyPatch) -> Browser:
    monkeypatch.setattr(background, "start", lambda *_: None)
    world.lab.store.room.open(21005)
    app = create_app("lab", PREFIX, ByCookie(SECRET, f"{PREFIX}/", "room"), [HOST])
    app.testing = True
    browser = Browser(app.test_client(), world.lab, server)
    browser.enter()
    return browser


def test_an_incident_is_begun_solved_and_healed(room: Browser, world: World) -> None:
    assert "Begin a hidden incident" in room.get("/lab").text
    assert room.post("/lab/begin", {"limit": "15m"}).status_code == 303
    text = room.get("/lab").text
    assert "An incident is being prepared" in text
    assert "Break the lab" not in text
    errand.run("lab")
    text = room.get("/lab").text
    assert "The incident began" in text
    assert "INC-0001 is open" in text
    assert "waiting for a page" in text
    room.post("/answer", RIGHT)
    assert "the lab is still broken" in room.get("/lab").text
    assert room.post("/lab/heal", {}).status_code == 303
    assert "Healing the lab" in room.get("/lab").text
    errand.run("lab")
    text = room.get("/lab").text
    assert "The lab was healed" in text
    assert "Begin a hidden incident" in text
    assert world.healthy_now


def test_a_paused_lab_is_resumed(room: Browser, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    frozen_in(monkeypatch)
    pausing.pause(world.lab)
    text = room.get("/lab").text
    assert "The lab is paused" in text
    assert room.post("/lab/resume", {}).status_code == 303
    assert "Resuming the lab" in room.get("/lab").text
    errand.run("lab")
    text = room.get("/lab").text
    assert "The lab was resumed" in text
    assert "The lab is paused" not in text
    assert not world.lab.paused


def test_no_page_before_the_end_names_the_fault(room: Browser) -> None:
    room.post("/lab/begin", {})
    errand.run("lab")
    assert "example-fault" not in room.get("/lab").text


def test_one_thing_at_a_time(room: Browser) -> None:
    room.post("/lab/begin", {})
    assert room.post("/lab/heal", {}).status_code == 409
    assert room.post("/lab/begin", {}).status_code == 409


def test_an_open_incident_is_not_begun_over(room: Browser) -> None:
    room.post("/lab/begin", {})
    errand.run("lab")
    assert room.post("/lab/begin", {}).status_code == 409


@pytest.mark.parametrize("choice", [{"difficulty": "9"}, {"difficulty": "x"}, {"limit": "1s"}, {"fog": "thick"}])
def test_a_choice_that_is_none_is_refused(room: Browser, choice: dict[str, object]) -> None:
    assert room.post("/lab/begin", choice).status_code in (404, 422)
    assert "being prepared" not in room.get("/lab").text


def test_why_it_failed_is_said(room: Browser) -> None:
    room.post("/lab/begin", {"track": "nothing-like-it"})
    errand.run("lab")
    text = room.get("/lab").text
    assert "No incident began" in text
    assert "nothing-like-it" in text
    assert 'data-state="failed"' in text


def test_a_process_that_was_killed_too_often_is_not_started_again(room: Browser) -> None:
    room.post("/lab/begin", {})
    for _ in range(3):
        assert room.lab.store.errand.take()
    errand.run("lab")
    record = room.lab.store.errand.read()
    assert record is not None
    assert record.state == FAILED
    assert "killed 3 times" in room.get("/lab").text
