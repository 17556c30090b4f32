from __future__ import annotations

from dataclasses import replace

import pytest

from labctl.actions import alerts
from labctl.actions.answer import moment
from labctl.room.views.page import lanes
from tests.support.fake_incident import open_incident
from tests.support.room_world import Browser, page


def test_it_shows_the_alert_and_since_when(browser: Browser) -> None:
    text = browser.get("/page").text
    assert "3% of checkouts fail" in text
    assert "firing since" in text
    assert "resolved" in text
    assert "INC-0001 (open)" in text


def test_it_says_when_telemetry_is_incomplete_on_purpose(browser: Browser) -> None:
    assert "Fog" not in browser.get("/page").text
    incident = open_incident()
    page(browser.lab, replace(incident, around=replace(incident.around, fog="hazy")))
    assert "Fog over the telemetry</dt><dd>hazy" in browser.get("/page").text


def test_looking_at_it_is_no_look_up(browser: Browser) -> None:
    browser.get("/page")
    assert browser.looked_up == []


def test_the_runbook_is_read_when_it_is_opened(browser: Browser) -> None:
    found = browser.get("/runbook/CheckoutErrorRatioHigh")
    assert "<strong>What it means.</strong>" in found.text
    assert browser.looked_up == ["runbook"]


def test_an_update_is_given_and_shown(browser: Browser) -> None:
    assert browser.post("/updates", {"text": "We look into it"}).status_code == 303
    assert "We look into it" in browser.get("/page").text
    (entry,) = browser.lab.store.journal.entries(kind="update")
    assert entry.payload["text"] == "We look into it"


def test_an_empty_update_is_refused(browser: Browser) -> None:
    answer = browser.post("/updates", {"text": "  "})
    assert answer.status_code == 422
    assert "the update is empty" in answer.text


def test_each_alert_has_a_lane_with_its_spans() -> None:
    spans = [
        alerts.Paged("A", "risk", moment(100), moment(110)),
        alerts.Paged("B", "risk", moment(150), None),
        alerts.Paged("A", "risk", moment(180), moment(200)),
    ]
    first, second = lanes(spans, 200)
    assert [(bar.x, bar.width) for bar in first.bars] == [(0, 100), (800, 200)]
    assert [(bar.x, bar.width) for bar in second.bars] == [(500, 500)]
    assert (first.fires, second.fires) == (False, True)
    assert lanes([], 200) == []


@pytest.mark.parametrize("now", [100.0, 99.0])
def test_an_alert_that_fires_just_now_has_a_bar(now: float) -> None:
    (lane,) = lanes([alerts.Paged("A", "", moment(100), None)], now)
    assert lane.bars[0].width > 0
