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
