from __future__ import annotations

import time

from bench.hub import truth
from bench.hub.lost import Happened
from labctl.play import logbook
from labctl.state.change_feed import NewChange
from tests.support.day_world import Day

CHANGE = NewChange("configuration", "payments", "A larger pool", "DB_POOL_MAX=8", "DB_POOL_MAX=9", "Ada")


def test_what_a_lab_wrote_down_is_what_its_team_had_to_hear_of(day: Day) -> None:
    day.begin()
    lab = day.labs["day-blue"]
    began = time.time()
    logbook.write(lab, logbook.NOTE, "the pool is full")
    change = lab.store.changes.add(CHANGE)
    told = truth.happened(day.store, began)
    assert {each.topic for each in told["blue"]} == {"logbook", "changes", "incident"}
    assert Happened("changes", change.at) in told["blue"]
    assert {each.topic for each in told["red"]} == {"incident"}


def test_a_team_whose_incident_paged_is_not_counted(day: Day) -> None:
    day.begin()
    assert truth.not_paged(day.store) == 0
