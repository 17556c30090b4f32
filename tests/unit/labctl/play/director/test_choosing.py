from __future__ import annotations

import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from labctl.lab.lab import Lab
from labctl.model.colleague import APART_S
from labctl.model.vocabulary import Component
from labctl.operate import steps
from labctl.play.director import choosing
from labctl.state.change_feed import NewChange
from labctl.state.script import Script
from tests.support.example_change import FLAG, NEWS, POOL, named


def test_no_change_is_made_twice_at_a_time_nor_two_shifts_of_traffic(lab: Lab) -> None:
    script = steps.make(lab, steps.make(lab, Script(7), NEWS, 0.0), FLAG, 0.0)
    scene = choosing.scene(lab, script)
    assert scene.touched == frozenset()
    assert not scene.allows(FLAG)
    assert not scene.allows(named(NEWS, "more-news"))
    assert scene.allows(POOL)


def test_what_somebody_else_has_changed_is_not_rolled_out(lab: Lab) -> None:
    lab.store.undo_log.add("cpu", "payments", {})
    lab.load.shift(3)
    scene = choosing.scene(lab, Script(7))
    assert scene.touched == {"payments", "clients"}
    assert not scene.allows(POOL)
    assert not scene.allows(NEWS)
    assert scene.allows(FLAG)


def test_a_flag_that_somebody_else_has_switched_is_left_alone(lab: Lab) -> None:
    lab.store.undo_log.add("flags", "close-look", {"variant": "on"})
    assert not choosing.scene(lab, Script(7)).allows(FLAG)


def test_the_order_is_drawn_by_seed_and_step() -> None:
    many = [named(FLAG, f"change-{number}") for number in range(9)]
    first = choosing.order(Script(7), many)
    assert choosing.order(Script(7), reversed(many)) == first
    assert choosing.order(Script(8), many) != first
    assert choosing.order(Script(7, next=1), many) != first
    assert choosing.order(Script(7, next=5, base=5), many) == first


def test_gaps_are_within_their_range() -> None:
    gaps = [choosing.gap_s(Script(7, next=each), choosing.AFTER_PAGE_S) for each in range(50)]
    low, high = choosing.AFTER_PAGE_S
    assert low <= min(gaps) < max(gaps) <= high < 110, "the next change comes within two minutes of the page"


def test_a_service_is_not_rolled_out_twice_in_a_row(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    script = steps.make(lab, Script(7), POOL, 0.0)
    again = named(POOL, "more-pool")
    assert not choosing.scene(lab, script).allows(again)
    assert choosing.scene(lab, script).allows(FLAG)
    later = time.time() + APART_S
    monkeypatch.setattr(choosing, "time", SimpleNamespace(time=lambda: later))
    assert choosing.scene(lab, script).allows(again)


def test_every_service_is_rolled_out_so_that_none_stands_out(lab: Lab) -> None:
    scene = choosing.scene(lab, Script(7))
    services = [Component(each) for each in ("gateway", "payments", "risk", "ledger", "jobs")]
    assert all(scene.allows(replace(POOL, id=f"{each}-setting", component=each)) for each in services)


def test_what_the_learner_has_just_restarted_is_not_rolled_out(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.store.changes.add(NewChange("operation", "payments", "Restart payments", "", "", "you"))
    assert not choosing.scene(lab, Script(7)).allows(POOL)
    assert choosing.scene(lab, Script(7)).allows(FLAG)
    later = time.time() + APART_S
    monkeypatch.setattr(choosing, "time", SimpleNamespace(time=lambda: later))
    assert choosing.scene(lab, Script(7)).allows(POOL)
