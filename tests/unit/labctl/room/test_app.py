from __future__ import annotations

from pathlib import Path

import pytest

from labctl.base.errors import HostError
from labctl.room.app import create_app
from labctl.room.identity import ByFront
from labctl.room.views import VIEWS
from labctl.state.journal import Journal
from tests.support.http_server import RecordedServer
from tests.support.room_world import ORIGIN, PREFIX, Browser, make_browser


def test_it_opens_with_the_page(browser: Browser) -> None:
    answer = browser.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PREFIX}/page")


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_every_view_has_the_page_and_the_clock_and_says_where_one_is(browser: Browser, view: object) -> None:
    text = browser.get(f"/{view.name}").text  # type: ignore[attr-defined]
    assert "Checkouts fail" in text
    assert 'data-clock="up"' in text
    assert text.count('aria-current="page"') == 1
    assert "<h1" in text


def test_no_two_views_have_one_key() -> None:
    assert len({view.key for view in VIEWS}) == len({view.name for view in VIEWS}) == len(VIEWS)


def test_without_an_incident_it_says_that_all_is_calm(browser: Browser) -> None:
    browser.lab.store.documents.remove("incident", "INC-0001")
    assert "Nothing has paged." in browser.get("/page").text


def test_behind_a_front_it_lives_under_its_path_and_has_no_way_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: RecordedServer
) -> None:
    make_browser(tmp_path, monkeypatch, server)
    client = create_app("lab", "/team/blue", ByFront("secret", "the front's")).test_client()
    known = {"X-Room-User": "blue", "X-Room-Front": "the front's"}
    page = client.get("/team/blue/page", headers=known)
    assert page.status_code == 200
    assert 'href="/team/blue/logs"' in page.text
    assert client.get("/team/blue/page", headers={"X-Room-User": "blue"}).status_code == 401
    assert client.get("/team/blue/enter?token=x").status_code == 404
    assert client.get("/page", headers=known).status_code == 404


def test_what_an_action_warns_of_is_on_the_page(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise HostError("the disk is full")

    monkeypatch.setattr(Journal, "looked_up", refuse)
    assert "this look-up is not in the lab&#39;s journal: the disk is full" in browser.get("/changes").text


def test_files_are_kept_by_browsers_and_pages_are_not(browser: Browser) -> None:
    address = browser.get("/page").text.partition('<script type="module" src="')[2].partition('"')[0]
    answer = browser.client.get(address, base_url=ORIGIN)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    answer.close()
    assert browser.get("/static/../app.py").status_code == 404
