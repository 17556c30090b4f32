"""The debrief in the room: sealed before the end, whole after it, and no text in it becomes markup."""

from __future__ import annotations

import json

import pytest

from labctl.actions import debrief
from labctl.base.errors import HealError, LabHeldError
from labctl.room.views import debrief as view
from tests.support.example_debrief import HOSTILE, example_debrief
from tests.support.room_world import Browser
from tests.unit.labctl.room.test_hostile import Seen
from tests.unit.labctl.room.views.test_answer import RIGHT, WRONG, room

__all__ = ["room"]


def test_before_the_end_it_says_what_ends_it_and_nothing_else(room: Browser) -> None:
    answer = room.get("/debrief")
    assert answer.status_code == 200
    assert "is not over" in answer.text
    assert "5 left" in answer.text
    assert "example-fault" not in answer.text
    assert str(RIGHT["mechanism"]) not in answer.text


def test_after_the_end_the_whole_story_is_there(room: Browser) -> None:
    room.post("/answer", WRONG)
    room.post("/answer", RIGHT)
    text = room.get("/debrief").text
    assert "example-fault" in text
    assert text.count("data-link=") > 1
    assert 'class="tag wrong"' in text
    assert "The shortest path of evidence" in text


def test_giving_up_ends_the_incident_and_leads_to_the_debrief(room: Browser) -> None:
    answer = room.post("/page/give-up", {})
    assert answer.status_code == 303
    assert answer.location.endswith("/debrief")
    assert 'class="tag given-up"' in room.get("/debrief").text
    assert room.post("/page/give-up", {}).status_code == 409


def test_without_an_incident_it_says_how_to_begin_one(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    browser.lab.store.documents.remove("incident", "INC-0001")
    answer = browser.get("/debrief")
    assert answer.status_code == 200
    assert 'href="/room/lab/lab"' in answer.text


def test_while_the_lab_heals_what_was_kept_is_told(room: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    room.post("/answer", RIGHT)

    def held(*_: object, **__: object) -> None:
        raise LabHeldError("the lab is in use")

    monkeypatch.setattr(debrief, "locked", held)
    assert "example-fault" in room.get("/debrief").text


def test_what_else_is_wrong_is_said(room: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    room.post("/answer", RIGHT)

    def fails(*_: object) -> None:
        raise HealError("a change can't be undone")

    monkeypatch.setattr(debrief, "read", fails)
    answer = room.get("/debrief")
    assert answer.status_code == 500
    assert "a change can&#39;t be undone" in answer.text


def test_every_text_stays_a_text(room: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = []
    room.post("/answer", RIGHT)
    for text in ("a word", HOSTILE):
        monkeypatch.setattr(debrief, "read", lambda _lab, text=text: example_debrief(text))
        page = room.get("/debrief").text
        assert "\x1b" not in page
        shapes.append(Seen(page).shape)
    assert shapes[0] == shapes[1]


def test_a_curve_counts_from_the_page() -> None:
    told = example_debrief()
    curves = [json.loads(view._curve(told, at)) for at in range(len(told.chain))]
    paged = told.paged_at.timestamp()
    assert all(each["change"] == round(told.injected_at.timestamp() - paged, 2) for each in curves)
    for each, link in zip(curves, told.chain, strict=True):
        assert len(each["points"]) == len(link.curve)
        assert (each["shows"] is None) == (link.onset_s is None)
