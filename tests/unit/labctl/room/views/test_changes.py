from __future__ import annotations

from urllib.parse import quote

from labctl.actions.answer import moment
from tests.support.room_world import Browser


def test_the_feed_the_newest_first_with_who_and_what(browser: Browser) -> None:
    text = browser.get("/changes").text
    assert text.index("Tune payments") < text.index("Tune risk")
    assert "c.meyer" in text
    assert browser.looked_up == ["changes"]


def test_it_can_be_narrowed(browser: Browser) -> None:
    assert "Tune payments" not in browser.get("/changes?component=risk").text
    assert "No change matches." in browser.get("/changes?kind=release").text
    assert browser.get("/changes?since=tomorrow").status_code == 422


def test_keeping_it_fresh_is_no_new_look_up(browser: Browser) -> None:
    browser.get("/changes")
    for _ in range(3):
        assert browser.get("/changes", **{"X-Refresh": "1"}).status_code == 200
    assert browser.looked_up == ["changes"]


def test_what_nobody_looked_up_before_is_one_whatever_the_header_says(browser: Browser) -> None:
    browser.get("/changes", **{"X-Refresh": "1"})
    assert browser.looked_up == ["changes"]


def test_each_change_has_its_difference(browser: Browser) -> None:
    change = browser.lab.store.changes.list(component="risk")[0]
    at = quote(browser_moment(change.at))
    answer = browser.get(f"/changes/difference?component=risk&at={at}")
    assert "Because it was time." in answer.text
    assert '<tr class="removed">' in answer.text
    assert "FEATURE_CACHE_TTL_SECONDS=60" in answer.text
    assert browser.looked_up == ["diff"]
    assert browser.get(f"/changes/difference?component=payments&at={at}").status_code == 404


def browser_moment(at: float) -> str:
    return moment(at).isoformat()
