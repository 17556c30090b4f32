from __future__ import annotations

import html
import json
import re
import time
from typing import Any

import pytest

from labctl.actions import effects, mitigate
from labctl.model.mitigation import VERBS, Block, Configure, Flag, Park, Restart, Scale, Shed, Step
from labctl.play import mitigations
from tests.support.room_world import Browser

FORMS: list[tuple[dict[str, Any], Step]] = [
    ({"verb": "restart", "word": "risk"}, Restart("risk")),
    ({"verb": "scale", "word": "risk", "name": "cpu", "value": "2"}, Scale("risk", "cpu", 2)),
    ({"verb": "config", "word": "payments", "name": "DB_POOL_MAX", "value": "16"},
     Configure("payments", "DB_POOL_MAX", "16")),
    ({"verb": "flag", "word": ["issuer-signals", "off"]}, Flag("issuer-signals", "off")),
    ({"verb": "shed", "word": "0.2"}, Shed(0.2)),
    ({"verb": "block", "word": ["merchant", "7"]}, Block("merchant", "7")),
    ({"verb": "park", "word": ""}, Park()),
]  # fmt: skip


def taken(browser: Browser, number: int = 1, ago: float = 60.0, entries: tuple[int, ...] = ()) -> None:
    """Let a step have been taken."""
    began = time.time() - ago
    made = {"number": number, "what": f"restart <b>risk{number}", "began_at": began, "done_at": began + 5,
            "restarts": "risk", "incident": "INC-0001", "entries": list(entries), "undone_at": None}  # fmt: skip
    browser.lab.store.records.put(mitigations.KIND, f"{number:04d}", made)


@pytest.mark.parametrize(("form", "step"), FORMS, ids=lambda each: str(each) if isinstance(each, Step) else "")
def test_a_step_is_looked_at_once_more_then_taken(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, form: dict[str, Any], step: Step
) -> None:
    done: list[Step] = []
    answer = mitigate.Taken(1, str(step), 1.0, None, None, ())
    monkeypatch.setattr(mitigate, "take", lambda _lab, each: done.append(each) or answer)
    review = browser.post("/notebook/mitigations/review", form).text
    assert f"<h2>{step}</h2>" in review
    assert done == []
    again = {"verb": re.findall(r'name="verb" value="([^"]*)"', review)[0]}
    words = [html.unescape(each) for each in re.findall(r'name="word" value="([^"]*)"', review)]
    assert browser.post("/notebook/mitigations", {**again, "word": words}).status_code == 303
    assert done == [step]


def test_every_step_of_the_catalogue_has_a_form(browser: Browser) -> None:
    text = browser.get("/notebook/mitigations").text
    assert re.findall(r'<details class="verb" id="verb-([a-z-]+)"', text) == [each.verb for each in VERBS]
    assert "wait" not in re.findall(r'name="verb" value="([a-z-]+)"', text)


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"verb": "shed", "word": "2"}, 422),
        ({"verb": "restart"}, 422),
        ({"verb": "<b>"}, 404),
        ({"verb": "scale", "word": "risk", "name": "cpu", "value": "much"}, 422),
        ({"verb": "index", "word": "x" * 300}, 422),
    ],
)
def test_what_is_no_step_is_refused(browser: Browser, form: dict[str, Any], status: int) -> None:
    found = browser.post("/notebook/mitigations/review", form)
    assert found.status_code == status
    assert 'class="problem"' in found.text


def test_the_last_steps_effect_is_drawn_the_others_when_they_are_opened(browser: Browser) -> None:
    taken(browser, 1, 120)
    taken(browser, 2, 60)
    text = browser.get("/notebook/mitigations").text
    assert text.index('id="m2"') < text.index('id="m1"')
    graphs = [json.loads(html.unescape(each)) for each in re.findall(r'data-small="([^"]*)"', text)]
    assert [each["unit"] for each in graphs] == ["%", "ms", "/s"]
    assert [mark["text"] for mark in graphs[0]["marks"]] == ["1: restart <b>risk1", "2: restart <b>risk2"]
    assert [each["name"] for each in graphs[0]["series"]] == ["checkout", "history", "lookup", "refund"]
    assert all(len(each["values"]) == len(graphs[0]["times"]) for each in graphs[0]["series"])
    assert "restart &lt;b&gt;risk2" in text
    assert browser.looked_up == ["effect"]
    assert browser.get("/notebook/mitigations/1/effect").text.count("data-small") == 3


def test_there_are_figures_before_and_after(browser: Browser) -> None:
    taken(browser, 1, 60)
    effect = effects.effect("lab", 1)
    assert not effect.early
    first = effect.figures[0].curves[0]
    assert (first.before, first.after) == (0.02, 0.02)
    taken(browser, 2, 6)
    early = effects.effect("lab", 2)
    assert early.early
    assert {each.after for each in early.figures[0].curves} == {None}
    assert effects.effect("lab", 1).figures[0].curves[0].after is not None


def test_a_steps_own_time_ends_with_the_next_one(browser: Browser) -> None:
    taken(browser, 1, 60)
    taken(browser, 2, 50)
    assert effects.effect("lab", 1).early


def test_undo_is_asked_for_a_step_that_is_in_force(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    undone: list[int] = []
    monkeypatch.setattr(mitigate, "undo", lambda _lab, number: undone.append(number))
    taken(browser, 1)
    assert 'class="undo"' not in browser.get("/notebook/mitigations").text
    entry = browser.lab.store.undo_log.add("config", "payments", {"key": "X"})
    taken(browser, 2, entries=(entry.number,))
    assert '/notebook/mitigations/2/undo"' in browser.get("/notebook/mitigations").text
    assert browser.post("/notebook/mitigations/2/undo", {}).status_code == 303
    assert undone == [2]


def test_without_prometheus_the_steps_are_there(browser: Browser) -> None:
    taken(browser, 1)
    browser.server.reply("/api/v1/query_range", {"status": "error", "error": "too busy"}, status=503)
    text = browser.get("/notebook/mitigations").text
    assert 'id="m1"' in text
    assert 'class="problem"' in text
