from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

import pytest

from labctl.state.change_feed import ChangeFeed, NewChange
from labctl.state.database import Database

RELEASE = NewChange("release", "payments", "Round amounts", "2.14.0", "2.15.0", "a.silva")
CONFIGURATION = NewChange("configuration", "risk", "Score on fresher features", "TTL=3600", "TTL=5", "c.meyer", "diff")


@pytest.fixture
def feed(tmp_path: Path) -> ChangeFeed:
    database = Database(tmp_path / "state.db")
    database.prepare()
    return ChangeFeed(database)


def test_changes_are_listed_oldest_first_as_they_were_made(feed: ChangeFeed) -> None:
    added = [feed.add(RELEASE), feed.add(CONFIGURATION)]
    assert feed.list() == added
    assert [astuple(change)[2:] for change in added] == [astuple(RELEASE), astuple(CONFIGURATION)]
    assert added[0].id < added[1].id
    assert added[0].at <= added[1].at


def test_they_can_be_asked_for_by_component_and_time(feed: ChangeFeed) -> None:
    feed.add(RELEASE)
    later = feed.add(CONFIGURATION)
    assert feed.list(component="risk") == [later]
    assert later in feed.list(since=later.at)
    assert feed.list(since=later.at + 1) == []


def test_what_was_left_behind_is_seen_by_who_asks_for_the_past_only(feed: ChangeFeed) -> None:
    first, second = feed.add(RELEASE), feed.add(RELEASE)
    feed.leave_behind([first.id])
    feed.leave_behind([])
    assert feed.list() == [second]
    assert feed.list(past=True) == [first, second]


def test_entries_are_in_the_order_of_their_times(feed: ChangeFeed) -> None:
    now = feed.add(RELEASE)
    feed.add_past([(now.at - 5, RELEASE), (now.at - 9, RELEASE)])
    assert [round(each.at - now.at) for each in feed.list()] == [-9, -5, 0]
    feed.remove_after(now.id)
    assert feed.list() == [now]
    assert feed.last_id() == now.id


def test_the_newest_entries_can_be_replaced(feed: ChangeFeed) -> None:
    first = feed.add(RELEASE)
    feed.add(RELEASE)
    feed.replace_after(first.id, [CONFIGURATION])
    assert [each.kind for each in feed.list()] == ["release", "configuration"]
