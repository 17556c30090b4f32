"""The API over a room: the same answers, journal and verdicts as at the command line, and who may ask."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from labctl.actions.served import SERVED
from labctl.base import progress
from labctl.room.app import create_app
from labctl.room.identity import SESSION_S, ByFront
from labctl.room.limits import CHANGES, ENTRIES, Limiter, Rate
from labctl.state.room import TOKEN_S
from tests.support.catalogue import use_only
from tests.support.example_fault import EXAMPLE
from tests.support.room_api import API, Terminal, terminal
from tests.support.room_world import HERE, ORIGIN, PREFIX, SECRET, Browser

FRONT = {"X-Room-User": "ada of blue", "X-Room-Front": "the front's", "X-Room-Via": "terminal"}


@pytest.fixture
def remote(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return terminal(browser, monkeypatch)


@pytest.fixture
def fronted(browser: Browser) -> Terminal:
    return Terminal(create_app("lab", PREFIX, ByFront(SECRET, "the front's")), browser.lab, {**FRONT})


def test_who_logs_in_gets_a_token_the_path_and_the_name(browser: Browser) -> None:
    answer = Terminal(browser.client.application, browser.lab).login(name="ada")
    assert answer.status_code == 200
    document = answer.json
    assert document is not None
    assert document.pop("token").count(".") == 3
    assert document == {"schema": "labctl.login/1", "api": f"{API}/", "user": "ada", "team": None}


def test_a_code_is_good_once_and_not_for_ever(remote: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    code, late = remote.lab.store.room.mint(), remote.lab.store.room.mint()
    assert remote.login(code).status_code == 200
    assert remote.login(code).status_code == 401
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + TOKEN_S + 1)
    assert remote.login(late).status_code == 401


def test_codes_can_not_be_tried_in_numbers(browser: Browser) -> None:
    stranger = Terminal(browser.client.application, browser.lab)
    answers = [stranger.login(f"guess-{number}").status_code for number in range(int(ENTRIES.burst) + 3)]
    assert (answers[0], answers[-1]) == (401, 429)


@pytest.mark.parametrize("name", ["\u202eada", "a\nb", "x" * 41, "\x00"])
def test_a_name_is_one_that_can_be_seen(remote: Terminal, name: str) -> None:
    assert remote.login(name=name).status_code == 422


def test_who_asks(remote: Terminal) -> None:
    client = remote.app.test_client(use_cookies=False)
    answer = client.get(f"{API}/me", headers=remote.headers, base_url=ORIGIN).json
    assert answer is not None
    assert (answer["user"], answer["lab"]) == ("ada", "lab")


@pytest.mark.parametrize("said", ["", "Bearer", "Bearer x", "Bearer a.1.b.c", "Basic eDp5", "Bearer \u00f6.1.x.y"])
def test_no_other_token_lets_anybody_in(remote: Terminal, said: str) -> None:
    answer = remote.ask("page", Authorization=said)
    assert answer.status_code == 401
    assert answer.json is not None
    assert (answer.json["schema"], answer.json["exit_code"]) == ("labctl.error/1", 1)
    assert "labctl login" in answer.json["todo"]


def test_a_token_of_another_room_or_an_old_one_is_none(remote: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    said = remote.headers["Authorization"]
    session, began, name, signature = said.removeprefix("Bearer ").split(".")
    assert remote.ask("page", Authorization=f"Bearer {session}.{began}.eHg.{signature}").status_code == 401
    assert remote.ask("page", Authorization=f"Bearer {session}.{int(began) + 9}.{name}.{signature}").status_code == 401
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + SESSION_S + 1)
    assert remote.ask("page").status_code == 401


def test_a_token_opens_no_page(remote: Terminal) -> None:
    client = remote.app.test_client(use_cookies=False)
    assert client.get(f"{PREFIX}/page", headers=remote.headers, base_url=ORIGIN).status_code == 401


def test_the_look_up_is_in_the_journal_and_can_be_evidence(remote: Terminal, browser: Browser) -> None:
    assert remote.answer("page")["status"] == "open"
    remote.answer("changes")
    remote.answer("metrics", query="sum(queue)")
    assert browser.looked_up == ["changes", "metrics"]
    found = remote.answer("lookups")["lookups"]
    assert [each["command"] for each in found] == ["changes", "metrics"]
    assert remote.answer("evidence", pieces=["#2"])["pieces"] == ["promql:sum(queue)"]


def test_every_look_answers_in_the_documented_form(remote: Terminal) -> None:
    given: dict[str, dict[str, object]] = {
        "metrics": {"query": "up"},
        "metrics-range": {"query": "up", "span": "5m"},
        "trace": {"trace_id": f"{1:032x}"},
        "diff": {"service": "risk"},
        "sql": {"statement": "SELECT 1"},
        "evidence": {"pieces": []},
    }
    for row in SERVED:
        if not row.changes:
            remote.answer(row.name, **given.get(row.name, {}))


def test_what_is_written_down_is_written_down(remote: Terminal) -> None:
    assert remote.answer("note", text="the queue grows")["notes"][0]["text"] == "the queue grows"
    number = remote.answer("hypothesis-add", text="the pool")["hypotheses"][0]["number"]
    borne = remote.answer("hypothesis-bear", number=number, bearing="ruled-out", evidence=["log:timeout"])
    assert borne["hypotheses"][0]["state"] == "ruled-out"
    assert remote.answer("update", text="we look")["updates"][0]["text"] == "we look"


def test_addresses_and_processes_of_the_host_stay_there(remote: Terminal) -> None:
    found = remote.answer("status")
    assert set(found["interfaces"].values()) == {None}
    assert found["director"] is None


def test_nothing_sealed_is_told_before_the_end(remote: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labctl.play.ending.still_broken", lambda _lab, _incident: True)
    for action in ("debrief", "postmortem"):
        answer = remote.ask(action)
        assert answer.status_code == 409
        assert "example-fault" not in answer.text


def test_what_ended_is_told(remote: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    use_only(monkeypatch, EXAMPLE)
    assert remote.answer("give-up")["status"] == "given-up"
    assert remote.answer("debrief")["schema"] == "labctl.debrief/2"
    assert remote.answer("postmortem", draft=True)["text"].startswith("# ")


@pytest.mark.parametrize(
    ("action", "given", "status", "exit_code", "said"),
    [
        ("changes", {"since": "often"}, 422, 2, "a number and a unit"),
        ("changes", {"since": 5}, 422, 2, "valid string"),
        ("changes", {"sinse": "5m"}, 422, 2, "sinse"),
        ("changes", [1], 422, 2, "openapi.json"),
        ("logs", {"limit": 0}, 422, 2, "limit"),
        ("logs", {"until": "2026-01-01T00:00:00"}, 422, 2, "until"),
        ("debrief", {"folder": "/etc"}, 422, 2, "folder"),
        ("metrics", {}, 422, 2, "query"),
        ("note", {"text": " "}, 422, 2, "a sentence or two"),
        ("note", {"text": "\ud800"}, 422, 2, ""),
        ("runbook", {"alert": "Nothing"}, 404, 1, "checkouterrorratiohigh"),
        ("submit", {"component": "rik", "trigger": "x", "mechanism": "y", "impact": []}, 404, 1, "risk"),
        ("mitigate", {"verb": "pray", "arguments": []}, 404, 1, "no step"),
        ("mitigate", {"verb": "rollback", "arguments": []}, 422, 2, "does not take"),
        ("up", {}, 404, 1, "openapi.json"),
        ("..", {}, 404, 1, "openapi.json"),
    ],
)
def test_what_is_refused_says_why_and_what_to_do(
    remote: Terminal, action: str, given: object, status: int, *, exit_code: int, said: str
) -> None:
    answer = remote.ask(action, given)
    document = answer.json
    assert document is not None
    assert (answer.status_code, document["exit_code"]) == (status, exit_code)
    assert said in json.dumps(document)
    assert {"what", "expected", "todo", "error"} < set(document)


def test_what_is_not_asked_as_it_should_be(remote: Terminal) -> None:
    client = remote.app.test_client(use_cookies=False)
    sent = {"headers": remote.headers, "base_url": ORIGIN}
    for answer, status in (
        (client.get(f"{API}/changes", **sent), 405),
        (client.post(f"{API}/changes", data="since=5m", content_type="text/plain", **sent), 415),
        (client.post(f"{API}/changes", data="{", content_type="application/json", **sent), 422),
        (client.post(f"{API}/note", data="x" * 100_000, content_type="application/json", **sent), 413),
        (client.post(f"{API}/changes", headers=remote.headers, base_url="http://evil.example"), 421),
    ):
        assert (answer.status_code, answer.mimetype) == (status, "application/json")
    assert client.post(f"{API}/changes", **sent).status_code == 200  # nothing need be given


def test_nobody_may_change_without_end_and_looking_is_no_change(remote: Terminal) -> None:
    remote.app.extensions["room"].changes = Limiter(Rate(CHANGES.burst, 0))  # however slow this machine is
    answers = [remote.ask("note", {"text": " "}).status_code for _ in range(int(CHANGES.burst) + 1)]
    assert (answers[0], answers[-1]) == (422, 429)
    assert remote.ask("page").status_code == 200


def test_a_warning_comes_along(remote: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labctl.actions.vocabulary._words", lambda _members: progress.warn("the disk is full") or ())
    answer = remote.ask("vocabulary")
    assert json.loads(answer.headers["X-Warnings"]) == ["the disk is full"] * 4


def test_a_bug_is_told_as_one_and_names_nothing(
    remote: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(_name: str) -> None:
        raise RuntimeError("example-fault")

    monkeypatch.setattr("labctl.actions.incident.page", broken)
    answer = remote.ask("page")
    assert answer.status_code == 500
    assert answer.json is not None
    assert (answer.json["error"], answer.json["exit_code"]) == ("Bug", 3)
    assert "example-fault" not in answer.text


def test_a_browsers_cookie_needs_the_key_and_a_page_of_the_room(browser: Browser) -> None:
    key = {"X-Change-Key": browser.change_key()}
    sent = {"json": {"text": "hello"}, "base_url": ORIGIN}
    for headers, status in (
        ({}, 403),
        (HERE, 403),
        (key, 403),
        ({**key, "Origin": "http://evil.example"}, 403),
        ({**key, "Sec-Fetch-Site": "cross-site"}, 403),
        ({**HERE, "Authorization": "Bearer x"}, 401),
        ({**HERE, **key}, 200),
    ):
        answer = browser.client.post(f"{API}/note", headers=headers, **sent)
        assert (answer.status_code, headers) == (status, headers)


def test_behind_a_front_the_front_says_who_asks(fronted: Terminal) -> None:
    assert fronted.answer("note", text="hello")["notes"][0]["text"] == "hello"
    assert fronted.ask("page", **{"X-Room-Front": "a guess"}).status_code == 401
    assert fronted.ask("page", **{"X-Room-User": ""}).status_code == 401
    assert fronted.login().status_code == 404


@pytest.mark.parametrize("via", ["browser", "", "Terminal"])
def test_behind_a_front_too_a_browser_needs_the_key(fronted: Terminal, via: str) -> None:
    for headers in ({}, HERE, {**HERE, "Cookie": "hub=1"}, {**HERE, "Authorization": "Bearer x"}):
        assert fronted.ask("note", {"text": "hello"}, **{**headers, "X-Room-Via": via}).status_code == 403


def test_who_logs_out_is_out_and_nobody_else(remote: Terminal) -> None:
    other = Terminal(remote.app, remote.lab)
    other.login()
    assert remote.ask("logout").status_code == 204
    assert remote.ask("page").status_code == 401
    assert other.ask("page").status_code == 200


def test_behind_a_front_the_hosts_leaderboard_is_nobodys(fronted: Terminal, remote: Terminal) -> None:
    assert fronted.ask("leaderboard").status_code == 409
    assert remote.ask("leaderboard").status_code == 200


def test_an_incident_that_ended_has_nothing_to_follow(remote: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    use_only(monkeypatch, EXAMPLE)
    assert remote.answer("paging")["alerts"] is not None
    remote.answer("give-up")
    assert remote.ask("paging").status_code == 409
