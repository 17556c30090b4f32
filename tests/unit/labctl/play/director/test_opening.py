from __future__ import annotations

import time

import pytest

from labctl.lab.lab import Lab
from labctl.operate import background, injection, steps
from labctl.play.director import history, opening
from labctl.state.change_feed import NewChange
from labctl.state.script import Script
from tests.support.example_change import POOL


@pytest.fixture
def new(lab: Lab) -> Lab:
    """A lab in which nobody has worked yet."""
    with lab.store.database.writing() as connection:
        connection.execute("DELETE FROM settings WHERE key = 'script'")
    return lab


def script(lab: Lab) -> Script:
    found = lab.store.script.read()
    assert found is not None
    return found


def test_a_new_lab_gets_its_history_and_its_director(new: Lab, no_director: list[str]) -> None:
    opening.open_office(new)
    assert script(new).playing
    assert script(new).due > time.time() + 60
    assert len(new.store.changes.list()) >= history.LEAST_IN_HOUR
    assert no_director == ["lab"]
    before = script(new)
    opening.open_office(new)
    assert script(new) == before


def test_colleagues_can_be_sent_home_and_come_back(
    new: Lab, no_director: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped: list[str] = []
    monkeypatch.setattr(
        background, "stop", lambda name, *kinds: stopped.append(" ".join([name, *(k.name for k in kinds)]))
    )
    opening.open_office(new, colleagues=False)
    assert (new.store.changes.list(), no_director, stopped) == ([], [], ["lab director"])
    opening.open_office(new)
    assert not script(new).playing
    opening.open_office(new, colleagues=True)
    assert script(new).playing
    assert new.store.changes.list()
    assert no_director == ["lab"]


def test_after_healing_the_feed_is_an_ordinary_one_again(lab: Lab) -> None:
    steps.make(lab, script(lab), POOL, 0.0)
    injection.heal(lab)
    opening.after_healing(lab)
    feed = lab.store.changes.list(since=time.time() - 3600)
    assert len(feed) >= history.LEAST_IN_HOUR
    injection.heal(lab)
    assert lab.store.changes.list(since=time.time() - 3600) == feed


def test_nobody_comes_where_nobody_works(lab: Lab) -> None:
    lab.store.script.write(Script(7, playing=False))
    opening.after_healing(lab)
    assert lab.store.changes.list() == []


def test_a_lab_that_comes_up_after_a_pause_has_an_ordinary_hour(lab: Lab) -> None:
    opening.open_office(lab)
    feed = lab.store.changes.list(since=time.time() - 3600)
    assert len(feed) >= history.LEAST_IN_HOUR
    opening.open_office(lab)
    assert lab.store.changes.list(since=time.time() - 3600) == feed


def test_while_an_incident_is_on_the_feed_stays_as_it_is(lab: Lab) -> None:
    lab.store.documents.put("injection", "active", {"faults": ["some-fault"]})
    opening.open_office(lab)
    assert lab.store.changes.list() == []


def test_who_comes_to_a_lab_with_an_old_feed_makes_its_hour_an_ordinary_one(new: Lab) -> None:
    new.store.changes.add(NewChange("job", "jobs", "Tidy", "", "tidy", "a.novak"), at=time.time() - 7200)
    opening.open_office(new, colleagues=True)
    assert len(new.store.changes.list(since=time.time() - 3600)) >= history.LEAST_IN_HOUR
