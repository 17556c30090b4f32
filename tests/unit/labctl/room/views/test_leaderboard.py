from __future__ import annotations

import pytest

from labctl.actions import errand
from tests.support.room_world import Browser
from tests.support.world import World
from tests.unit.labctl.room.views.test_answer import RIGHT
from tests.unit.labctl.room.views.test_lab import room

__all__ = ["room"]


@pytest.fixture
def solved(room: Browser, world: World) -> Browser:
    room.post("/lab/begin", {})
    errand.run("lab")
    room.get("/changes")
    room.post("/answer", RIGHT)
    return room


def test_without_an_incident_it_says_how_to_begin(browser: Browser) -> None:
    answer = browser.get("/leaderboard")
    assert answer.status_code == 200
    assert "No hidden incident" in answer.text


def test_an_incident_that_was_solved_is_on_it(solved: Browser) -> None:
    text = solved.get("/leaderboard").text
    assert '<tr class="own">' in text
    assert 'class="tag solved"' in text
    assert "Personal bests" in text
    assert "Where the time went" in text
    assert "example-fault" not in text


def test_it_is_narrowed_by_track_and_drill(solved: Browser) -> None:
    assert '<tr class="own">' not in solved.get("/leaderboard?drill=first-hour").text
    answer = solved.get("/leaderboard?track=nowhere")
    assert answer.status_code == 404
    assert "no track named" in answer.text
    assert "<option selected>first-hour" in solved.get("/leaderboard?drill=first-hour").text
