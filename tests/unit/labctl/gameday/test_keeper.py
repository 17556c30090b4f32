from __future__ import annotations

import pytest

from labctl.actions import processes
from labctl.base.errors import HostError
from labctl.gameday import keeper
from labctl.gameday import plan as plans
from labctl.gameday.model import DayState
from tests.support.hub_world import PLAN, make_store


def test_it_starts_again_what_a_game_day_wants_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(processes, "ensure", lambda name, kind: done.append(f"{name} {kind.name}"))
    monkeypatch.setattr(processes, "keep_lab", done.append)
    store = make_store(plans.read(PLAN, "plan"))
    store.labs.ready("day-green", 9000)
    keeper.keep(store)
    assert done == ["day hub", "day-green"]


def test_it_outlives_a_host_in_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_name: str, _kind: object) -> bool:
        raise HostError("the disk is full")

    monkeypatch.setattr(processes, "ensure", fails)
    store = make_store(plans.read(PLAN, "plan"))
    keeper.keep(store)
    assert keeper.wanted(store)
    store.become(DayState.ENDING)
    assert not keeper.wanted(store)
