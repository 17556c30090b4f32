from __future__ import annotations

import pytest

from labctl.actions import logbook, pins
from labctl.room.pins import HEADER, KEY
from labctl.room.views import VIEWS
from tests.support.room_world import Browser


def test_an_answer_says_which_look_up_it_shows(browser: Browser) -> None:
    assert browser.get("/changes").headers[HEADER] == "1"
    found = browser.get("/logs")
    assert found.headers[HEADER] == "2"
    assert 'name="number" value="2"' in found.text
    assert HEADER not in browser.get("/page").headers
    assert '<form id="pin"' in browser.get("/page").text
    assert " hidden>" in browser.get("/page").text.split('<form id="pin"')[1].split("<input")[0]


def test_what_is_only_kept_fresh_is_no_other_look_up(browser: Browser) -> None:
    browser.get("/changes")
    assert HEADER not in browser.get("/changes", **{"X-Refresh": "1"}).headers


def test_a_part_says_it_too(browser: Browser) -> None:
    browser.get("/changes")
    assert browser.get("/runbook/CheckoutErrorRatioHigh").headers[HEADER] == "2"


def test_it_is_pinned_to_the_notebook(browser: Browser) -> None:
    browser.get("/metrics?query=up")
    assert browser.post("/pins", {"number": "1", "to": ""}).status_code == 303
    (note,) = logbook.notes("lab").notes
    assert note.text == "#1 metrics up, 15m"
    again = browser.post("/pins", {"number": "1"}, **{"HX-Request": "true"})
    assert again.status_code == 409
    assert "in the notebook already" in again.text


@pytest.mark.parametrize("state", ["open", "supported", "ruled-out"])
def test_it_is_pinned_to_a_hypothesis_whose_state_stays(browser: Browser, state: str) -> None:
    logbook.add_hypothesis("lab", "The pool is too small")
    if state != "open":
        logbook.bear_out("lab", 1, state)
    browser.get("/metrics?query=up")
    found = browser.post("/pins", {"number": "1", "to": "1"}, **{"HX-Request": "true"})
    assert "Pinned #1 metrics up, 15m to hypothesis 1" in found.text
    (hypothesis,) = logbook.hypotheses("lab").hypotheses
    assert hypothesis.state == state
    assert hypothesis.steps[-1].evidence == ("#1 metrics up, 15m",)
    assert browser.post("/pins", {"number": "1", "to": "1"}).status_code == 409


def test_what_is_not_there_is_refused(browser: Browser) -> None:
    browser.get("/changes")
    assert browser.post("/pins", {"number": "9"}).status_code == 404
    assert browser.post("/pins", {"number": "1", "to": "9"}).status_code == 404
    assert browser.post("/pins", {"number": "-1"}).status_code == 422
    assert browser.post("/pins", {"number": "٣"}).status_code == 422
    assert pins.seen("lab")[0].number == 1


def test_the_last_hypothesis_that_stands_is_offered_first(browser: Browser) -> None:
    for text in ("one", "two", "<b>three</b>"):
        logbook.add_hypothesis("lab", text)
    logbook.bear_out("lab", 3, "ruled-out")
    text = browser.get("/pins/targets").text
    assert '<option value="2" selected>to 2: two' in text
    assert "<b>" not in text


def test_no_view_has_the_key() -> None:
    assert KEY not in {each.key for each in VIEWS}
    assert len({each.key for each in VIEWS}) == len(VIEWS)
