from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labctl.base.errors import LabStateError
from labctl.gameday import plan as plans
from labctl.gameday.model import NEXT, State
from labctl.gameday.store import DayStore
from tests.support.hub_world import PLAN, make_store


@pytest.fixture
def store() -> DayStore:
    return make_store(plans.read(PLAN, "plan"))


def test_a_round_is_the_same_for_all_however_often_it_begins(store: DayStore) -> None:
    teams = store.labs.teams()
    first = store.incidents.begin_round(1, {"fault": "some-fault"}, teams)
    again = store.incidents.begin_round(1, {"fault": "another"}, teams)
    assert first == again == {"fault": "some-fault"}
    assert [each.team for each in store.incidents.of(1)] == ["blue", "green", "red"]
    assert store.incidents.last_round() == 1
    assert b"some-fault" not in store.database.path.read_bytes()


def test_a_void_incident_is_played_again_as_another_one(store: DayStore) -> None:
    teams = store.labs.teams()
    store.incidents.begin_round(1, {}, teams)
    sick = store.incidents.of(1)[0]
    store.incidents.become(sick.id, State.VOID, problem="no page came")
    store.incidents.begin_round(1, {}, teams)
    fresh = next(each for each in store.incidents.of(1) if each.team == sick.team)
    assert fresh.id != sick.id
    assert store.incidents.find(sick.id).problem == "no page came"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.lists(st.sampled_from(State), max_size=8))
def test_it_goes_only_where_it_may(store: DayStore, states: list[State]) -> None:
    number = store.incidents.last_round() + 1
    store.incidents.begin_round(number, {}, store.labs.teams()[:1])
    known = next(each for each in store.incidents.all() if each.round == number)
    for state in states:
        if state is known.state or state in NEXT[known.state]:
            known = store.incidents.become(known.id, state)
            assert known.state is state
        else:
            with pytest.raises(LabStateError):
                store.incidents.become(known.id, state)
        assert store.incidents.find(known.id) == known


def test_moments_are_noted_once(store: DayStore) -> None:
    store.incidents.begin_round(1, {}, store.labs.teams())
    number = store.incidents.of(1)[0].id
    store.incidents.become(number, State.STARTING, at=1.0)
    store.incidents.become(number, State.PAGED, at=5.0, incident="INC-0001")
    store.incidents.become(number, State.PAUSED)
    store.incidents.become(number, State.PAGED, at=9.0)
    found = store.incidents.become(number, State.ENDED, at=20.0)
    assert (found.asked_at, found.paged_at, found.ended_at, found.incident) == (1.0, 5.0, 20.0, "INC-0001")
