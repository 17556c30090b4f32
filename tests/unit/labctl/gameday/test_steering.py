import pytest

from labctl.actions import errand, incident_clock
from labctl.actions.errand import Asked
from labctl.base.errors import HealError
from labctl.base.waiting import wait_until
from labctl.gameday import rounds, steering
from labctl.gameday.model import State
from labctl.gameday.steering import Order, carry_out
from labctl.model.incident import Status
from tests.support.day_world import BODY, TEAMS, Day


def states(day: Day) -> list[State]:
    return [each.state for each in day.store.incidents.of(1)]


def test_all_clocks_stand_at_one_moment_and_run_on(day: Day) -> None:
    day.begin()
    assert [each.problem for each in carry_out(day.store, day.plan, Order.PAUSE, TEAMS)] == [None, None]
    assert states(day) == [State.PAUSED, State.PAUSED]
    began = [day.incident(f"day-{each}").pauses[-1].began for each in TEAMS]
    assert abs(began[0] - began[1]) < 0.5
    carry_out(day.store, day.plan, Order.RESUME, TEAMS)
    assert states(day) == [State.PAGED, State.PAGED]


def test_what_fails_for_one_team_is_done_for_the_others(day: Day) -> None:
    day.begin()
    carry_out(day.store, day.plan, Order.PAUSE, ["red"])
    blue, red = carry_out(day.store, day.plan, Order.PAUSE, TEAMS)
    assert blue.problem is None
    assert "stands still already" in str(red.problem)
    assert states(day) == [State.PAUSED, State.PAUSED]


def test_more_time_for_one_team(day: Day) -> None:
    day.begin()
    carry_out(day.store, day.plan, Order.EXTEND, ["blue"], 300)
    assert (day.incident("day-blue").limit_s, day.incident("day-red").limit_s) == (1500, 1200)


def test_an_end_is_noted_by_whoever_follows_the_labs(day: Day) -> None:
    day.begin()
    carry_out(day.store, day.plan, Order.END, ["blue"])
    assert day.incident("day-blue").status is Status.TIMED_OUT
    assert states(day)[0] is State.PAGED


def test_a_void_incident_counts_no_more(day: Day) -> None:
    day.begin()
    carry_out(day.store, day.plan, Order.VOID, ["blue"])
    assert day.incident("day-blue").status is Status.VOID
    assert [each.team for each in day.store.incidents.of(1)] == ["red"]


def test_there_is_nothing_to_pause_before_a_round(day: Day) -> None:
    (blue,) = carry_out(day.store, day.plan, Order.PAUSE, ["blue"])
    assert "has no incident" in str(blue.problem)


class TestFollowing:
    """The hub notes what is done in a lab, whoever did it: a killed hub finds it again."""

    def test_a_pause(self, day: Day) -> None:
        day.begin()
        incident_clock.pause("day-blue")
        rounds.follow(day.store)
        assert states(day) == [State.PAUSED, State.PAGED]
        incident_clock.resume("day-blue")
        rounds.follow(day.store)
        assert states(day) == [State.PAGED, State.PAGED]

    def test_a_void_one(self, day: Day) -> None:
        day.begin()
        incident_clock.void("day-blue", heal_too=False)
        rounds.follow(day.store)
        assert [each.team for each in day.store.incidents.of(1)] == ["red"]


class TestSwap:
    def test_the_same_incident_begins_anew_on_the_spare(self, day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[tuple[str, Asked]] = []
        monkeypatch.setattr(errand, "ask_break", lambda lab, wanted: asked.append((lab, wanted)))
        day.begin()
        (blue,) = carry_out(day.store, day.plan, Order.SWAP, ["blue"])
        assert blue.problem is None
        assert asked == [("day-1", Asked(**BODY))]
        assert day.store.labs.team("blue").lab == "day-1"
        assert day.store.labs.team("blue").port == 22000 + len("/t/blue")
        old, _, new = day.store.incidents.all()
        assert (old.state, old.problem, old.lab) == (State.VOID, steering.SWAPPED, "day-blue")
        assert (new.state, new.lab, new.round, new.team) == (State.STARTING, "day-1", 1, "blue")
        wait_until(lambda: day.incident("day-blue").status is Status.VOID, what="the old one to be void", timeout=20)

    def test_a_lab_that_does_not_answer_is_left_behind_all_the_same(
        self, day: Day, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def sick(*_: object, **__: object) -> None:
            raise HealError("the lab is gone")

        monkeypatch.setattr(errand, "ask_break", lambda *_: None)
        monkeypatch.setattr(incident_clock, "void", sick)
        day.begin()
        (blue,) = carry_out(day.store, day.plan, Order.SWAP, ["blue"])
        assert blue.problem is None
        assert day.store.labs.team("blue").lab == "day-1"
        (left,) = [each for each in day.store.incidents.all() if each.lab == "day-blue"]
        wait_until(lambda: "the lab is gone" in day.store.incidents.find(left.id).problem, what="its note", timeout=10)

    def test_without_a_spare_nothing_changes(self, day: Day) -> None:
        day.store.labs.swap("red")
        day.begin()
        (blue,) = carry_out(day.store, day.plan, Order.SWAP, ["blue"])
        assert "no spare lab is ready" in str(blue.problem)
        assert states(day) == [State.PAGED, State.PAGED]
        assert day.incident("day-blue").status is Status.OPEN

    def test_what_is_over_stays_as_it_went(self, day: Day) -> None:
        day.begin()
        (each, _) = day.store.incidents.of(1)
        day.store.incidents.become(each.id, State.ENDED)
        carry_out(day.store, day.plan, Order.SWAP, ["blue"])
        assert day.store.incidents.find(each.id).state is State.ENDED
