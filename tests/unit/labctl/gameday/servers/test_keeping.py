"""What the hub makes of what a lab server has: nothing is lost but what was open in a lab that is gone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from labctl.base.errors import LookupFailedError
from labctl.gameday import plan as plans
from labctl.gameday.model import SWARM, LabSeat, State
from labctl.gameday.plan import Plan
from labctl.gameday.servers import keeping, reaching
from labctl.gameday.servers.opening import Present
from labctl.gameday.store import DayStore
from tests.support.lab_servers import EMPTY, NotedServer

TEXT = """title: A day
name: day
teams: [{name: blue}, {name: green}]
hosts: swarm
drill: first-hour
"""
LABS = ("day-blue", "day-green")


@pytest.fixture
def plan() -> Plan:
    return plans.read(TEXT, "plan")


@pytest.fixture
def store(plan: Plan) -> DayStore:
    found = DayStore("day")
    found.prepare()
    found.set("plan", plans.to_document(plan))
    found.labs.plan([LabSeat(f"day-{each.name}", each.name, 0, plan.hosts, ready=False) for each in plan.teams])
    reaching.choose_ports(found, list(LABS))
    return found


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> NotedServer:
    found = NotedServer()
    monkeypatch.setattr(reaching, "far", lambda _store, _lab: found)
    return found


def seat(store: DayStore) -> LabSeat:
    return next(each for each in store.labs.all() if each.name == "day-blue")


def keep(store: DayStore, plan: Plan) -> None:
    keeping.keep(store, plan, seat(store))


def well(lab: str) -> Present:
    return Present(lab, ready=True, opening=False, problem="")


def begun(store: DayStore) -> list[State]:
    store.incidents.begin_round(1, {"fault": "x"}, store.labs.teams())
    for each in store.incidents.of(1):
        store.incidents.become(each.id, State.STARTING)
        store.incidents.become(each.id, State.PAGED, incident="INC-0001")
    return states(store)


def states(store: DayStore) -> list[State]:
    return [each.state for each in store.incidents.all()]


def test_a_server_that_is_new_opens_its_lab_and_the_seat_is_ready(
    store: DayStore, plan: Plan, noted: NotedServer
) -> None:
    keep(store, plan)
    assert noted.done == ["state", f"open 5 {keeping.load_seed(store)} /t/blue "]
    noted.present = replace(EMPTY, opening=True)
    keep(store, plan)
    assert (noted.done[2:], seat(store).ready) == (["state"], False)
    noted.present = well("one")
    keep(store, plan)
    known = reaching.reach(store, "day-blue")
    assert known is not None
    assert (seat(store).ready, seat(store).port, known.lab) == (True, known.room, "one")


def test_one_that_was_restarted_keeps_its_lab_and_its_incident(store: DayStore, plan: Plan, noted: NotedServer) -> None:
    noted.present = well("one")
    keep(store, plan)
    begun(store)
    noted.present = Present("one", ready=False, opening=False, problem="")
    keep(store, plan)
    assert noted.done[-1].endswith("/t/blue one")
    assert states(store) == [State.PAGED, State.PAGED]


def test_with_a_lost_host_what_was_open_there_is_void_and_nothing_else(
    store: DayStore, plan: Plan, noted: NotedServer
) -> None:
    noted.present = well("one")
    keep(store, plan)
    begun(store)
    noted.present = EMPTY
    keep(store, plan)
    assert states(store) == [State.VOID, State.PAGED]
    assert store.incidents.all()[0].problem == keeping.LOST
    assert not seat(store).ready
    noted.present = well("two")
    keep(store, plan)
    known = reaching.reach(store, "day-blue")
    assert known is not None
    assert (seat(store).ready, known.lab) == (True, "two")


def test_what_was_over_before_a_host_was_lost_stays_as_it_went(store: DayStore, plan: Plan, noted: NotedServer) -> None:
    noted.present = well("one")
    keep(store, plan)
    begun(store)
    first = store.incidents.all()[0]
    store.incidents.become(first.id, State.ENDED)
    store.incidents.keep_result(first.id, {"debrief": {}, "postmortem": ""})
    noted.present = EMPTY
    keep(store, plan)
    assert states(store) == [State.ENDED, State.PAGED]
    assert store.incidents.result(first.id) is not None


def test_one_that_does_not_answer_changes_nothing(store: DayStore, plan: Plan, noted: NotedServer) -> None:
    noted.present = well("one")
    keep(store, plan)
    begun(store)
    noted.problem = LookupFailedError("away")
    with pytest.raises(LookupFailedError):
        keep(store, plan)
    assert states(store) == [State.PAGED, State.PAGED]
    assert seat(store).ready


def test_a_lab_that_its_team_left_is_left_alone(store: DayStore, plan: Plan, noted: NotedServer) -> None:
    reaching.leave(store, "day-blue")
    keep(store, plan)
    assert noted.done == []


def test_every_lab_has_ports_and_a_secret_of_its_own(store: DayStore) -> None:
    before = [reaching.reach(store, each) for each in LABS]
    ports = {port for each in before if each for port in (each.orders, each.room)}
    assert len(ports) == 4
    reaching.choose_ports(store, list(LABS))
    assert [reaching.reach(store, each) for each in LABS] == before
    assert reaching.secret(store, LABS[0]) != reaching.secret(store, LABS[1])
    assert store.labs.host_of("day-blue") == SWARM
