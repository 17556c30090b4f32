from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from labctl.actions import live, logbook
from labctl.actions.live import TOPICS, Watch
from labctl.base.errors import LookupFailedError, NotFoundError
from labctl.state.change_feed import NewChange
from labctl.state.journal import LOOK_UP
from tests.support.http_server import RecordedServer, serving
from tests.support.room_world import Browser, make_browser


@pytest.fixture
def server() -> Iterator[RecordedServer]:
    with serving() as one:
        yield one


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: RecordedServer) -> Browser:
    monkeypatch.setattr(live, "FRESH_S", -1.0)
    return make_browser(tmp_path, monkeypatch, server, inside=False)


def differing(watch: Watch, before: dict[str, str]) -> set[str]:
    return {topic for topic, version in watch.look().versions.items() if before[topic] != version}


def test_while_nothing_happens_every_version_stays(browser: Browser) -> None:
    watch = Watch("lab")
    before = watch.look().versions
    assert set(before) == set(TOPICS)
    assert differing(watch, before) == set()


def test_each_topic_has_its_own_version(browser: Browser) -> None:
    watch = Watch("lab")
    before = watch.look().versions
    logbook.note("lab", "a thought")
    assert differing(watch, before) == {"logbook"}
    browser.lab.store.changes.add(NewChange("flag", "risk", "Switch it", "", "", "x"))
    assert differing(watch, before) == {"logbook", "changes"}
    browser.server.reply("/api/v1/alerts", {"status": "success", "data": {"alerts": []}})
    assert differing(watch, before) == {"logbook", "changes", "alerts"}


def test_a_room_that_was_started_again_sees_the_same_of_what_the_lab_keeps(browser: Browser) -> None:
    before = Watch("lab").look().versions
    assert differing(Watch("lab"), before) == {"alerts"}


def test_looking_leaves_nothing_in_the_journal(browser: Browser) -> None:
    Watch("lab").look()
    assert browser.lab.store.journal.entries(kind=LOOK_UP) == []


def test_what_does_not_answer_is_away_since_it_was_found_to_be(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch("lab")
    before = watch.look()
    del browser.server.answers["/api/v1/alerts"]
    began = time.time()
    seen = watch.look()
    assert seen.versions["sources"] != before.versions["sources"]
    (away,) = seen.away
    assert away.source == "Prometheus"
    assert abs(away.since.timestamp() - began) < 5
    assert watch.look().away == seen.away
    browser.server.reply("/api/v1/alerts", {"status": "success", "data": {"alerts": []}})
    assert watch.look().away == ()


def test_after_a_while_without_a_look_alerts_may_have_come_and_gone(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch("lab")
    before = watch.look().versions
    later = time.monotonic() + live.GAP_S + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert differing(watch, before) == {"alerts"}


def test_two_that_look_at_once_share_the_cost(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "FRESH_S", 60.0)
    watch = Watch("lab")
    watch.look()
    asked = len(browser.server.requests)
    assert [watch.look() is watch.look(), len(browser.server.requests)] == [True, asked]


def test_nobody_waits_while_somebody_else_looks(browser: Browser) -> None:
    watch = Watch("lab")
    seen = watch.look()
    with watch._lock:
        assert watch.look() is seen


def test_a_source_that_is_away_is_not_waited_for_again(browser: Browser) -> None:
    watch = Watch("lab")
    watch.require(live.PROMETHEUS)
    del browser.server.answers["/api/v1/alerts"]
    with pytest.raises(LookupFailedError, match="Prometheus has not answered since"):
        watch.require(live.PROMETHEUS)


def test_a_lab_that_is_gone_is_not_there(browser: Browser) -> None:
    watch = Watch("lab")
    watch.look()
    browser.lab.store.database.path.unlink()
    with pytest.raises(NotFoundError):
        watch.look()
