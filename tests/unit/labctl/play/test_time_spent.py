from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.model.incident import Status
from labctl.play.logbook import NOTE
from labctl.play.time_spent import BEFORE_THE_FIRST, PENALTIES, time_spent, total
from labctl.state.journal import LOOK_UP, Entry
from tests.support.example_fault import NEAR
from tests.support.example_incident import PAGED, SOLVED, attempt, solved


def look(at: float, command: str) -> Entry:
    return Entry(0, at, LOOK_UP, {"command": command}, "")


def test_each_stretch_belongs_to_what_was_done_at_its_beginning() -> None:
    entries = [look(PAGED + 10, "logs"), look(PAGED + 40, "metrics"), Entry(0, PAGED + 100, NOTE, {}, "")]
    assert time_spent(solved(), entries) == {BEFORE_THE_FIRST: 10, "logs": 30, "metrics": 60, "note": 20}


def test_wrong_answers_cost_time_of_their_own() -> None:
    incident = solved(attempt(PAGED + 30, NEAR))
    assert time_spent(incident, [])[PENALTIES] == 300


def test_what_was_done_before_the_page_and_after_the_end_does_not_count() -> None:
    entries = [look(PAGED - 5, "logs"), look(SOLVED + 5, "metrics"), Entry(0, PAGED + 50, "operation", {}, "")]
    assert time_spent(solved(), entries) == {BEFORE_THE_FIRST: SOLVED - PAGED}


def test_an_open_incident_has_spent_nothing_yet() -> None:
    assert time_spent(replace(solved(), status=Status.OPEN, ended_at=None), []) == {}


@given(st.lists(st.tuples(st.floats(-50, 200), st.sampled_from(["logs", "metrics", "sql"])), max_size=20))
def test_it_adds_up_to_the_clock(done: list[tuple[float, str]]) -> None:
    incident = solved(attempt(PAGED + 30, NEAR))
    spent = time_spent(incident, [look(PAGED + at, command) for at, command in done])
    assert sum(spent.values()) == pytest.approx(incident.clock_s(SOLVED))


def test_totals_have_the_longest_first() -> None:
    assert list(total([{"logs": 10, "sql": 30}, {"logs": 40}]).items()) == [("logs", 50), ("sql", 30)]
