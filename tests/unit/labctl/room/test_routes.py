"""What holds for every route of the room, those of views that are added later included."""

from __future__ import annotations

import time
from contextlib import closing

import pytest
from werkzeug.test import TestResponse

from labctl.room.limits import Limiter, Rate
from labctl.state.room import TOKEN_S
from tests.support.room_routes import Route, kept, routes
from tests.support.room_world import HERE, ORIGIN, PREFIX, Browser

ELSEWHERE = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
QUERIES = (
    "",
    "?text=x&query=up&range=5m&since=5m&service=risk&component=risk&at=2026-01-01T00:00:00&known=2026-01-01T00:00:00",
    "?since=%00&query=%27&range=-1&service=..%2F..&at=x&known=x&aside=x&page=99999999999999999999&id=%F0%9F",
)


def ask(browser: Browser, method: str, path: str, **headers: str) -> TestResponse:
    """Ask, and read nothing: a stream would never end."""
    browser.client.application.extensions["room"].changes._left.clear()
    browser.client.application.extensions["room"].reads._left.clear()
    with closing(browser.client.open(f"{PREFIX}{path}", method=method, headers=headers, base_url=ORIGIN)) as answer:
        return answer


def all_of(browser: Browser) -> list[Route]:
    return routes(browser.client.application)


def closed(browser: Browser) -> list[tuple[str, Route]]:
    found = [each for each in all_of(browser) if not each.is_open]
    assert {"room.page", "room.logs", "room.traces", "room.stream", "room.update"} <= {each.endpoint for each in found}
    return [(method, each) for each in found for method in sorted(each.methods - {"OPTIONS"})]


def test_no_route_answers_a_stranger(stranger: Browser) -> None:
    before = kept(stranger)
    for method, route in closed(stranger):
        assert (ask(stranger, method, route.path, **HERE).status_code, route) == (401, route)
    assert kept(stranger) == before
    assert stranger.looked_up == []


def test_no_route_answers_under_a_host_name_that_only_leads_here(browser: Browser) -> None:
    for route in all_of(browser):
        for host in ("evil.example", "127.0.0.1:21005.evil.example", "evil.example:21005"):
            answer = browser.client.get(f"{PREFIX}{route.path}", headers={"Host": host})
            assert (answer.status_code, route) == (421, route)


def test_no_route_changes_anything_without_the_key_or_from_elsewhere(browser: Browser) -> None:
    key, before = {"X-Change-Key": browser.change_key()}, kept(browser)
    attempts: dict[str, dict[str, str]] = {
        "without the key": HERE,
        "with another key": {**HERE, "X-Change-Key": "0" * 64},
        "from elsewhere": {**key, **ELSEWHERE},
        "from a page without an address": {**key, "Origin": "null", "Sec-Fetch-Site": "same-origin"},
        "from another port": {**key, "Origin": "http://127.0.0.1:9", "Sec-Fetch-Site": "same-site"},
        "without saying from where": key,
    }
    changing = [(method, each) for each in all_of(browser) if not each.is_open for method in each.changing]
    assert changing
    for method, route in changing:
        for how, sent in attempts.items():
            assert (ask(browser, method, route.path, **sent).status_code, how, route) == (403, how, route)
    assert kept(browser) == before


def test_a_look_changes_nothing(browser: Browser) -> None:
    browser.get("/page")
    before = kept(browser)
    for route in all_of(browser):
        for query in QUERIES if "GET" in route.methods and route.endpoint != "room.stream" else ():
            answer = ask(browser, "GET", route.path + query)
            assert (answer.status_code < 500 or answer.status_code == 502, route, query) == (True, route, query)
            assert (kept(browser) == before, route, query) == (True, route, query)


def test_no_route_takes_a_method_that_it_is_not_made_for(browser: Browser) -> None:
    sent = {**HERE, "X-Change-Key": browser.change_key()}
    before, routes_here = kept(browser), all_of(browser)
    for route in routes_here:
        made_for = {method for each in routes_here if each.path == route.path for method in each.methods}
        for method in {"POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"} - made_for:
            assert (ask(browser, method, route.path, **sent).status_code, method, route) == (405, method, route)
    assert kept(browser) == before


def test_no_route_may_be_drawn_in_from_elsewhere(browser: Browser) -> None:
    for method, route in closed(browser):
        if method == "GET":
            assert (ask(browser, "GET", route.path, **ELSEWHERE).status_code, route) == (403, route)


def test_no_route_may_be_asked_without_end(browser: Browser) -> None:
    browser.client.application.extensions["room"].reads = Limiter(Rate(burst=0, per_s=0))
    for method, route in closed(browser):
        with closing(
            browser.client.open(f"{PREFIX}{route.path}", method=method, headers=HERE, base_url=ORIGIN)
        ) as answer:
            assert (answer.status_code, route) == (429, route)


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static/..%5capp.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/room.css%00.js",
        "/static/",
        "/traces/..%2f..%2fapp.py",
        "/runbook/..%2f..%2f..%2fREADME.md",
        "/runbook/%2e%2e",
        "/../page",
        "//page",
        "/page/",
        "/page;x",
        "/page%00",
        "/PAGE",
        "/page/../../../etc/passwd",
    ],
)
def test_no_path_leads_to_what_is_not_a_page(browser: Browser, path: str) -> None:
    with closing(browser.client.get(f"{PREFIX}{path}", base_url=ORIGIN)) as answer:
        assert answer.status_code in (200, 301, 308, 400, 404)
        assert "create_app" not in answer.text
        assert "root:" not in answer.text
        if answer.status_code == 200:  # the browser itself resolves such a path
            assert 'id="view"' in answer.text
        assert "evil" not in answer.headers.get("Location", "")


@pytest.mark.parametrize(
    "address", ["//evil.example/%2e%2e", "/\\evil.example/", "/%5cevil.example/", "/x//evil.example"]
)
def test_no_address_sends_the_browser_elsewhere(browser: Browser, address: str) -> None:
    for before in ("", PREFIX):
        with closing(browser.client.get(f"{before}{address}", base_url=ORIGIN)) as answer:
            assert answer.headers.get("Location", "/").startswith(("/", ORIGIN))
            assert not answer.headers.get("Location", "/").startswith(("//", "/\\"))


def test_a_token_that_is_too_old_lets_nobody_in(stranger: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    token, now = stranger.lab.store.room.mint(), time.time()
    monkeypatch.setattr(time, "time", lambda: now + TOKEN_S + 1)
    answer = stranger.get(f"/enter?token={token}")
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (401, False)
    monkeypatch.setattr(time, "time", lambda: now)
    assert stranger.get(f"/enter?token={token}").status_code == 401  # it was used up by the attempt
