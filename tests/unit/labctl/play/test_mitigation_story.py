from __future__ import annotations

from dataclasses import replace

import pytest

from labctl.model.mitigation import Flag, Restart, restores, useless
from labctl.play.mitigation_story import Mitigated, tell
from labctl.play.mitigations import Back, Taken
from labctl.state.journal import LOOK_UP, Entry
from tests.support.example_fault import EXAMPLE
from tests.support.example_incident import PAGED, solved


def step(number: int, at: float, what: str = "flag a off", restarts: str = "", **more: float) -> Taken:
    return Taken(number, what, PAGED + at, PAGED + at + 4, restarts, "INC-0001", (number,), **more)


def look(at: float, **payload: object) -> Entry:
    return Entry(0, PAGED + at, LOOK_UP, dict(payload), "")


def told(*taken: Taken, back: float | None = None, looks: tuple[Entry, ...] = ()) -> Mitigated:
    return tell(EXAMPLE, solved(), taken, Back(None if back is None else PAGED + back), looks)


def test_the_time_to_mitigate_is_apart_from_the_clock() -> None:
    story = told(step(1, 40), back=70)
    assert story.time_to_mitigate_s == 70
    assert story.remarks == ("the service level was back 1m 10s after the page, with 'flag a off' as the last step",)
    assert [(each.number, each.at_s, each.step) for each in story.steps] == [(1, 40, "flag a off")]


@pytest.mark.parametrize(
    ("taken", "back", "said"),
    [
        ((), 70, "nothing was done"),
        ((step(1, 40),), None, "no step brought the service level back"),
        ((step(1, 40),), 30, "before the first step"),
        ((step(1, 40, undone_at=PAGED + 50),), 70, "not what helped"),
    ],
)
def test_what_did_not_help_is_no_mitigation(taken: tuple[Taken, ...], back: float | None, said: str) -> None:
    story = told(*taken, back=back)
    assert story.time_to_mitigate_s is None
    assert said in story.remarks[0]


def test_what_was_not_measured_is_no_failure() -> None:
    story = tell(EXAMPLE, solved(), (step(1, 40),), None, ())
    assert story.time_to_mitigate_s is None
    assert story.remarks == ("when the service level came back was not measured before the lab was gone",)


def test_two_changes_at_once_show_as_such() -> None:
    story = told(step(1, 10), step(2, 30), step(3, 90), back=120)
    assert [each.together_with for each in story.steps] == [(2,), (1,), ()]
    assert any(each.startswith("1 and 2 came within 25 s") for each in story.remarks)
    assert sum("nobody can tell" in each for each in story.remarks) == 1


def test_close_steps_are_told_together() -> None:
    story = told(step(1, 10), step(2, 30), step(3, 50), step(4, 190), step(5, 200), back=300)
    told_together = [each.partition(" came")[0] for each in story.remarks if "nobody can tell" in each]
    assert told_together == ["1, 2 and 3", "4 and 5"]


def test_a_restart_before_anybody_looked_is_told() -> None:
    story = told(step(1, 40, "restart risk", "risk"), looks=(look(10, command="logs", service="payments"),))
    assert "its pool" in story.steps[0].evidence_lost
    assert any("before anybody had looked there" in each for each in story.remarks)


@pytest.mark.parametrize(
    "seen",
    [
        look(10, command="logs", service="risk"),
        look(10, command="metrics", query='process_memory{job="risk"}'),
    ],
)
def test_what_was_seen_before_is_not_lost(seen: Entry) -> None:
    assert told(step(1, 40, "restart risk", "risk"), looks=(seen,)).steps[0].evidence_lost == ""
    late = replace(seen, at=PAGED + 41)
    assert told(step(1, 40, "restart risk", "risk"), looks=(late,)).steps[0].evidence_lost


def test_looks_before_the_page_do_not_count() -> None:
    early = look(-10, command="logs", service="risk")
    assert told(step(1, 40, "restart risk", "risk"), looks=(early,)).steps[0].evidence_lost


def test_only_the_first_restart_destroys_and_sql_looks_at_the_database() -> None:
    twice = told(step(1, 40, "restart risk", "risk"), step(2, 90, "rollback risk", "risk"))
    assert [bool(each.evidence_lost) for each in twice.steps] == [True, False]
    asked = told(step(1, 40, "restart postgres", "postgres"), looks=(look(5, command="sql", statement="SELECT 1"),))
    assert asked.steps[0].evidence_lost == ""


def test_what_would_have_helped_is_told() -> None:
    ways = (
        restores(Flag("a", "off"), Restart("risk"), why="it is off"),
        useless(Restart("payments"), why="it is as before"),
    )
    known = tell(replace(EXAMPLE, mitigations=ways), solved(), (), None, ()).known
    assert [(each.step, each.restores, each.why) for each in known] == [
        ("flag a off, then restart risk", True, "it is off"),
        ("restart payments", False, "it is as before"),
    ]


def test_a_fault_with_ways_can_be_a_key() -> None:
    way = restores(Restart("risk"), why="it helps")
    assert {replace(EXAMPLE, mitigations=(way,)): 1}
