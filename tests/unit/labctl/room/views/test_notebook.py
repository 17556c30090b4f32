from __future__ import annotations

import pytest

from labctl.actions import logbook
from tests.support.room_world import Browser
from tests.unit.labctl.room.test_hostile import HOSTILE, Seen


def test_a_hypothesis_is_added_supported_and_ruled_out(browser: Browser) -> None:
    browser.get("/metrics?query=up")
    browser.get("/changes")
    assert browser.post("/notebook/hypotheses", {"text": "The pool is too small"}).status_code == 303
    assert "None yet" not in browser.get("/notebook").text
    assert browser.post("/notebook/hypotheses/1", {"bearing": "supported", "evidence": "1, #2"}).status_code == 303
    text = browser.get("/notebook").text
    assert 'data-state="supported">supported' in text
    assert '<a href="/room/lab/metrics?query=up&amp;range=15m">#1 metrics up, 15m</a>' in text
    browser.post("/notebook/hypotheses/1", {"bearing": "ruled-out", "evidence": "log:time out"})
    (found,) = logbook.hypotheses("lab").hypotheses
    assert found.state == "ruled-out"
    assert [step.evidence for step in found.steps] == [("#1 metrics up, 15m", "#2 changes"), ("log:time out",)]


@pytest.mark.parametrize("bearing", ["", "open", "wonderful"])
def test_what_says_nothing_of_a_hypothesis_is_refused(browser: Browser, bearing: str) -> None:
    logbook.add_hypothesis("lab", "x")
    assert browser.post("/notebook/hypotheses/1", {"bearing": bearing}).status_code == 422
    assert browser.post("/notebook/hypotheses/9", {"bearing": "supported"}).status_code == 404
    assert browser.post("/notebook/hypotheses/1", {"bearing": "supported", "evidence": "#9"}).status_code == 404


def test_notes_and_updates(browser: Browser) -> None:
    browser.post("/notebook/notes", {"text": "Since 12:03"})
    browser.post("/notebook/updates", {"text": "We look into it"})
    text = browser.get("/notebook").text
    assert "Since 12:03" in text
    assert "We look into it" in text
    assert browser.post("/notebook/notes", {"text": " "}).status_code == 422
    assert browser.post("/notebook/notes", {"text": "x" * 2001}).status_code == 422


def test_look_ups_by_number_narrowed(browser: Browser) -> None:
    browser.get("/metrics?query=up")
    browser.get("/changes")
    text = browser.get("/notebook/look-ups").text
    assert text.index("#2</td>") < text.index("#1</td>")
    assert "#1</td>" not in browser.get("/notebook/look-ups?command=changes").text
    assert "#2</td>" not in browser.get("/notebook/look-ups?words=UP").text
    assert "No look-up matches." in browser.get("/notebook/look-ups?words=nothing").text


def test_looking_at_it_is_no_look_up(browser: Browser) -> None:
    for path in ("/notebook", "/notebook/look-ups", "/notebook/mitigations"):
        browser.get(path)
    assert browser.looked_up == []


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_written_is_text(browser: Browser, text: str) -> None:
    for path in ("hypotheses", "notes", "updates"):
        browser.post(f"/notebook/{path}", {"text": text[:2000]})
    browser.get(f"/changes?since={text[:50]}")
    for path in ("/notebook", "/notebook/look-ups", f"/notebook/look-ups?words={text[:40]}&command={text[:30]}"):
        found = Seen(browser.get(path).text)
        assert "img" not in [tag for tag, _ in found.shape]
        assert not [tag for tag, names in found.shape if {"onerror", "onload", "hx-on:click"} & set(names)]
        assert all(value.startswith(("/room/lab", "#")) for value in found.values)
