"""A game day over several hosts: what is placed is noted, and nothing of it is real."""

from __future__ import annotations

import pytest

from labctl.actions import lab_servers
from labctl.actions.lab_servers import Placed
from labctl.base.errors import HostError, LookupFailedError
from labctl.gameday import placing
from labctl.gameday import plan as plans
from labctl.gameday.model import LabSeat, State
from labctl.gameday.plan import Plan
from labctl.gameday.servers import reaching
from labctl.gameday.servers.opening import Present
from labctl.gameday.store import DayStore
from tests.support.lab_servers import NotedServer

TEXT = """title: A day
name: day
teams: [{name: blue}, {name: green}]
hosts: swarm
drill: first-hour
"""


@pytest.fixture
def plan() -> Plan:
    return plans.read(TEXT, "plan")


@pytest.fixture
def store(plan: Plan) -> DayStore:
    found = DayStore("day")
    found.prepare()
    found.set("plan", plans.to_document(plan))
    found.labs.plan([LabSeat(f"day-{each.name}", each.name, 0, plan.hosts, ready=True) for each in plan.teams])
    reaching.choose_ports(found, ["day-blue", "day-green"])
    return found


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> NotedServer:
    found = NotedServer()
    monkeypatch.setattr(reaching, "far", lambda _store, _lab: found)
    return found


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(lab_servers, "prepare_here", lambda: found.append("prepare"))
    monkeypatch.setattr(lab_servers, "place", lambda _day, lab, rps, _: found.append(f"place {lab} {rps:g}"))
    monkeypatch.setattr(lab_servers, "move", lambda lab: found.append(f"move {lab}"))
    monkeypatch.setattr(lab_servers, "take_away", lambda day: found.append(f"take away {day}"))
    monkeypatch.setattr(
        lab_servers,
        "placed",
        lambda _: [
            Placed("day-blue", "two", "running", leaving=True),
            Placed("day-green", "one", "running", leaving=False),
        ],
    )
    return found


def test_labs_that_do_not_fit_are_refused_with_what_each_host_holds(
    plan: Plan, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab_servers, "room_left", lambda _: {"one": 1, "two": 1})
    assert placing.require(plan, 2) == "labs that fit: one: 1, two: 1"
    with pytest.raises(HostError, match=r"3 labs do not fit .*one: 1, two: 1") as raised:
        placing.require(plan, 3)
    assert "labctl host join" in raised.value.todo
    assert done == ["prepare", "prepare"]


def test_a_lab_is_placed_and_waited_for(store: DayStore, plan: Plan, done: list[str], noted: NotedServer) -> None:
    noted.present = Present("one", ready=True, opening=False, problem="")
    placing.start(store, plan, store.labs.all()[0])
    assert done == ["place day-blue 5"]
    known = reaching.reach(store, "day-blue")
    assert known is not None
    assert known.lab == "one"


def test_a_host_is_emptied_between_incidents_and_what_was_over_is_kept_again(
    store: DayStore, plan: Plan, done: list[str], noted: NotedServer
) -> None:
    store.incidents.begin_round(1, {"fault": "x"}, store.labs.teams())
    blue = store.incidents.of(1)[0]
    store.incidents.become(blue.id, State.STARTING)
    store.incidents.become(blue.id, State.PAGED, incident="INC-0001")
    assert placing.clear(store, plan) == []
    store.incidents.become(blue.id, State.ENDED)
    assert placing.clear(store, plan) == ["day-blue"]
    assert done == ["move day-blue"]
    assert (store.incidents.result(blue.id) or {})["postmortem"] == "# Why"
    assert [each.ready for each in store.labs.all()] == [False, True]


def test_it_is_taken_away_though_a_server_does_not_answer(
    store: DayStore, plan: Plan, done: list[str], noted: NotedServer
) -> None:
    noted.problem = LookupFailedError("its host is lost")
    placing.end(store, plan)
    assert noted.done == ["close", "close"]
    assert done == ["take away day"]
