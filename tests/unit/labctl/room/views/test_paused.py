"""What the room shows of an incident whose clock an instructor paused, or that was voided."""

from dataclasses import replace

import pytest

from labctl.model.incident import Incident
from labctl.model.vocabulary import Impact
from labctl.play import ending
from tests.support.example_fault import CAUSE
from tests.support.fake_incident import open_incident
from tests.support.room_world import Browser, page


def paused() -> Incident:
    incident = replace(open_incident(), limit_s=900.0)
    return incident.pause(incident.now())


@pytest.fixture(autouse=True)
def _open(browser: Browser) -> None:
    page(browser.lab, paused())


def test_the_bar_says_so_and_its_clocks_stand(browser: Browser) -> None:
    shown = browser.get("/bar").text
    assert "Clock paused" in shown
    assert "data-clock" not in shown
    page(browser.lab, paused().resume(paused().now()))
    shown = browser.get("/bar").text
    assert "Clock paused" not in shown
    assert shown.count("data-clock") == 3


def test_the_page_says_what_that_means(browser: Browser) -> None:
    shown = browser.get("/page").text
    assert "The clock is paused since" in shown
    assert 'data-clock="down"' not in shown.split("<main", 1)[-1].split("Alerts")[0]


def test_an_answer_is_refused_in_words(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "still_broken", lambda *_: True)
    cause = {"component": CAUSE.component, "trigger": CAUSE.trigger, "mechanism": CAUSE.mechanism}
    refused = browser.post("/answer", {**cause, "impact": [str(Impact.CHECKOUT_ERRORS)]})
    assert "no answer is taken while it stands still" in refused.text


def test_a_void_incident_is_told_as_such(browser: Browser) -> None:
    page(browser.lab, open_incident().voided(open_incident().now()))
    assert "This incident is void" in browser.get("/page").text
    assert "nothing of it counts" in browser.get("/debrief").text
