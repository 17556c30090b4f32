"""Who gets in, and what nobody gets done from elsewhere."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from labctl.room import limits
from labctl.room.door import HEADERS
from labctl.room.limits import CHANGES, ENTRIES, READS, Limiter, Rate
from labctl.room.views import VIEWS
from tests.support.room_world import HERE, ORIGIN, PREFIX, SECRET, Browser

EVERY_VIEW = [view.name for view in VIEWS]


@pytest.fixture
def no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The buckets don't fill again, however long a test takes."""
    monkeypatch.setattr(limits, "time", SimpleNamespace(monotonic=lambda: 1000.0))


@pytest.mark.parametrize("path", ["/", "/bar", "/stream", *(f"/{name}" for name in EVERY_VIEW), "/runbook/X"])
def test_a_stranger_sees_nothing(stranger: Browser, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 401
    assert "labctl room" in answer.text
    assert "Checkouts fail" not in answer.text
    assert stranger.looked_up == []


def test_a_token_lets_one_browser_in_once(stranger: Browser) -> None:
    token = stranger.lab.store.room.mint()
    first = stranger.get(f"/enter?token={token}")
    assert (first.status_code, first.headers["Location"]) == (303, f"{PREFIX}/")
    assert stranger.get("/page").status_code == 200
    other = Browser(stranger.client.application.test_client(), stranger.lab, stranger.server)
    assert other.get(f"/enter?token={token}").status_code == 401
    assert other.get("/page").status_code == 401


def test_the_cookie_is_for_this_room_and_no_script(stranger: Browser) -> None:
    cookie = stranger.enter().headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert f"Path={PREFIX}/" in cookie


@pytest.mark.parametrize("token", ["", "wrong", "ö", "\ud800", "x" * 5000])
def test_no_other_token_does(stranger: Browser, token: str) -> None:
    answer = stranger.client.get(f"{PREFIX}/enter", query_string={"token": token.encode("utf-8", "replace")},
                                 base_url=ORIGIN)  # fmt: skip
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers


@pytest.mark.usefixtures("no_time_passes")
def test_tokens_cannot_be_tried_in_numbers(stranger: Browser) -> None:
    answers = [stranger.get(f"/enter?token={number}").status_code for number in range(int(ENTRIES.burst) + 3)]
    assert answers[0] == 401
    assert answers[-1] == 429


def test_a_host_name_that_only_leads_here_is_no_way_in(browser: Browser) -> None:
    for host in ("evil.example", "evil.example:21005", "127.0.0.1:80", "127.0.0.1", ""):
        answer = browser.client.get(f"{PREFIX}/page", headers={"Host": host})
        assert answer.status_code == 421
        assert "Checkouts fail" not in answer.text


@pytest.mark.parametrize(
    "sent",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"},
    ],
)
def test_no_other_page_may_draw_the_room_into_itself(browser: Browser, sent: dict[str, str]) -> None:
    assert browser.get("/page", **sent).status_code == 403


def test_a_link_elsewhere_may_lead_to_the_room(browser: Browser) -> None:
    sent = {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate"}
    assert browser.get("/page", **sent).status_code == 200


@pytest.mark.parametrize(
    ("form", "sent"),
    [
        ({"change_key": ""}, {}),
        ({"change_key": "0" * 64}, {}),
        ({"change_key": "ö\u202e"}, {}),
        ({}, {"Origin": "http://evil.example"}),
        ({}, {"Origin": "null", "Sec-Fetch-Site": "none"}),
    ],
)
def test_a_change_needs_the_key_and_comes_from_the_rooms_own_pages(
    browser: Browser, form: dict[str, object], sent: dict[str, str]
) -> None:
    answer = browser.post("/updates", {"text": "hello", **form}, **sent)
    assert answer.status_code == 403
    assert not browser.lab.store.journal.entries(kind="update")


def test_a_change_that_does_not_say_where_it_comes_from_is_none(browser: Browser) -> None:
    sent = {"change_key": browser.change_key(), "text": "hello"}
    assert browser.client.post(f"{PREFIX}/updates", data=sent, base_url=ORIGIN).status_code == 403


def test_the_key_of_another_session_is_none(browser: Browser) -> None:
    key = browser.change_key()
    browser.enter()
    assert browser.change_key() != key
    assert browser.post("/updates", {"text": "hello", "change_key": key}).status_code == 403


def test_the_key_may_come_as_a_header(browser: Browser) -> None:
    headers = {**HERE, "X-Change-Key": browser.change_key()}
    answer = browser.client.post(f"{PREFIX}/updates", data={"text": "hello"}, headers=headers, base_url=ORIGIN)
    assert answer.status_code == 303


@pytest.mark.usefixtures("no_time_passes")
def test_one_may_not_ask_without_end(browser: Browser) -> None:
    browser.client.application.extensions["room"].reads = Limiter(Rate(READS.burst, 0))  # however slow this machine is
    answers = [browser.get("/bar") for _ in range(int(READS.burst) + 1)]
    assert answers[-1].status_code == 429
    assert answers[-1].headers["Retry-After"] == "5"


@pytest.mark.usefixtures("no_time_passes")
def test_nor_change_without_end(browser: Browser) -> None:
    key = browser.change_key()
    form = {"text": "", "change_key": key}
    browser.client.application.extensions["room"].changes = Limiter(Rate(CHANGES.burst, 0))
    answers = [browser.post("/updates", form).status_code for _ in range(int(CHANGES.burst) + 1)]
    assert answers[0] == 422
    assert answers[-1] == 429


@pytest.mark.parametrize("path", ["/page", "/nothing", "/enter?token=x", "/alive", "/logs?grep=("])
def test_every_answer_is_guarded_and_kept_nowhere(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_no_page_needs_what_the_policy_refuses(browser: Browser) -> None:
    for name in EVERY_VIEW:
        text = browser.get(f"/{name}").text
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", text)
        assert not re.search(r"""(src|href|action)=["'](https?:)?//""", text)


def test_too_much_text_is_refused(browser: Browser) -> None:
    assert browser.post("/updates", {"text": "x" * 100_000}).status_code == 413


def test_it_says_that_it_is_there_and_nothing_else(stranger: Browser) -> None:
    answer = stranger.get("/alive")
    assert answer.status_code == 200
    assert SECRET not in answer.text
    assert re.fullmatch("[0-9a-f]{64}", answer.text)
