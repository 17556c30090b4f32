from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.jobs.schedule import Schedule, Timetable

HOURLY = Timetable("hourly", 3600)
OFTEN = Timetable("often", 60)
ROUNDING_S = 1e-9


def starts(schedule: Schedule, until: float) -> list[tuple[float, str]]:
    """Return every start until then, if jobs take no time."""
    now, found = 0.0, []
    while (now := now + schedule.wait(now)) < until:
        found += [(now, name) for name in schedule.due(now)]
    return found


def test_nothing_is_due_at_the_start() -> None:
    schedule = Schedule([HOURLY, OFTEN], now=0.0)
    assert schedule.due(0.0) == []
    assert schedule.wait(0.0) > 0


def test_a_job_starts_at_its_interval() -> None:
    assert starts(Schedule([OFTEN], now=0.0), 200) == [(30, "often"), (90, "often"), (150, "often")]


def test_jobs_start_apart_from_each_other() -> None:
    jobs = [Timetable(name, 300) for name in ("a", "b", "c")]
    assert starts(Schedule(jobs, now=0.0), 300) == [(75, "a"), (150, "b"), (225, "c")]


def test_what_was_missed_is_skipped() -> None:
    schedule = Schedule([OFTEN], now=0.0)
    assert schedule.due(1000.0) == ["often"]
    assert schedule.due(1000.0) == []
    assert schedule.wait(1000.0) == pytest.approx(50)


def test_the_job_that_waited_longest_is_first() -> None:
    schedule = Schedule([HOURLY, OFTEN], now=0.0)
    assert schedule.due(5000.0) == ["often", "hourly"]


@example(every=[1.8, 1.0], late=[60.0])  # (60 - 0.6) // 1.8 is 32: the thirty-third start is exactly now
@given(
    every=st.lists(st.floats(1, 1000), min_size=1, max_size=5),
    late=st.lists(st.floats(0, 5000), min_size=1, max_size=20),
)
def test_after_a_start_the_next_is_ahead_and_within_an_interval(every: list[float], late: list[float]) -> None:
    jobs = [Timetable(str(number), seconds) for number, seconds in enumerate(every)]
    schedule, now = Schedule(jobs, now=0.0), 0.0
    for more in late:
        now += more
        schedule.due(now)
        assert 0 < schedule.wait(now) <= max(every) + ROUNDING_S
        assert schedule.due(now) == []
