"""The answer, from the form to the verdict, in a world where the fault is the example."""

from __future__ import annotations

import pytest

from labctl.play import incidents
from labctl.room.app import create_app
from labctl.room.identity import ByCookie
from tests.support.example_fault import CAUSE
from tests.support.http_server import RecordedServer
from tests.support.room_world import HOST, PREFIX, SECRET, Browser
from tests.support.world import World

RIGHT = {
    "component": str(CAUSE.component),
    "trigger": str(CAUSE.trigger),
    "mechanism": str(CAUSE.mechanism),
    "impact": ["some-checkouts-fail"],
    "because": "the <queue> grew",
}
WRONG = {**RIGHT, "trigger": "code-release" if str(CAUSE.trigger) != "code-release" else "feature-flag"}


@pytest.fixture
def room(world: World, server: RecordedServer) -> Browser:
    incidents.start(world.lab, world.fault())
    world.lab.store.room.open(21005)
    app = create_app("lab", PREFIX, ByCookie(SECRET, f"{PREFIX}/", "room"), [HOST])
    app.testing = True
    browser = Browser(app.test_client(), world.lab, server)
    browser.enter()
    return browser


def test_every_word_is_there_with_its_meaning(room: Browser) -> None:
    text = room.get("/answer").text
    assert "cache-eviction" in text
    assert "the cache has too little memory and throws entries out" in text
    assert text.count('type="radio"') > 80


def test_an_answer_is_looked_at_once_more_before_it_counts(room: Browser) -> None:
    text = room.post("/answer/review", RIGHT).text
    assert "Is this the root cause?" in text
    assert "the &lt;queue&gt; grew" in text
    assert "costs 10 points" in text
    assert room.get("/page").text.count("INC-") > 0
    assert not room.lab.store.journal.entries(kind="submission")


def test_what_is_missing_is_said_and_what_was_chosen_stays(room: Browser) -> None:
    answer = room.post("/answer/review", {"component": "risk", "trigger": "nonsense", "impact": []})
    assert answer.status_code == 422
    assert "not chosen yet: mechanism" in answer.text
    assert 'value="risk" checked' in answer.text


@pytest.mark.parametrize("change", [{"component": "nowhere"}, {"impact": []}, {"more_evidence": "nonsense"}])
def test_what_would_be_refused_is_said_before(room: Browser, change: dict[str, object]) -> None:
    answer = room.post("/answer/review", {**RIGHT, **change})
    assert answer.status_code in (404, 422)
    assert "Is this the root cause?" not in answer.text


def test_right_is_right(room: Browser) -> None:
    text = room.post("/answer", RIGHT).text
    assert "That is the root cause" in text
    assert 'href="/room/lab/debrief"' in text
    assert 'href="/room/lab/lab"' in text
    latest = incidents.latest(room.lab)
    assert latest is not None
    assert latest.attempts[-1].because == "the <queue> grew"


def test_wrong_says_what_it_cost_and_never_which_part(room: Browser) -> None:
    text = room.post("/answer", WRONG).text
    assert "That is not the root cause" in text
    assert "4 wrong answers left" in text
    again = room.post("/answer/draft", WRONG).text
    assert f'value="{WRONG["trigger"]}" checked' in again


def test_after_the_end_nothing_is_taken(room: Browser) -> None:
    room.post("/answer", RIGHT)
    assert "is over: solved" in room.get("/answer").text
    assert room.post("/answer", RIGHT).status_code == 409
