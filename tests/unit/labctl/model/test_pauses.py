from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.model import pauses
from labctl.model.pauses import Pause

SINCE = 1_700_000_000.0
Stretch = tuple[float, float]
seconds = st.integers(0, 400).map(float)


@st.composite
def stretches(draw: st.DrawFn, *, open_end: bool | None = None) -> tuple[Pause, ...]:
    """Draw pauses in order and apart, that may begin before SINCE, and of which the last may still last."""
    gaps = draw(st.lists(seconds, max_size=10))
    moments = [SINCE - 500 + each for each in accumulate(gaps)]
    found = [Pause(began, ended) for began, ended in zip(moments[::2], moments[1::2], strict=False)]
    lasts = draw(st.booleans()) if open_end is None else open_end
    return (*found, Pause(found[-1].ended if found and found[-1].ended else SINCE)) if lasts else tuple(found)


def by_the_second(stood: tuple[Pause, ...], since: float, until: float) -> float:
    """Count the seconds in which the clock runs, one by one."""
    return float(
        sum(
            not any(each.began <= at and (each.ended is None or at < each.ended) for each in stood)
            for at in map(float, range(int(since), int(until)))
        )
    )


@given(stretches(), seconds)
def test_the_clock_runs_in_every_second_that_no_pause_has(stood: tuple[Pause, ...], after: float) -> None:
    assert pauses.ran_s(stood, SINCE, SINCE + after) == by_the_second(stood, SINCE, SINCE + after)


@given(stretches(), seconds, seconds)
def test_the_clock_never_runs_back_and_never_faster_than_time(
    stood: tuple[Pause, ...], after: float, more: float
) -> None:
    sooner, later = (pauses.ran_s(stood, SINCE, SINCE + each) for each in (after, after + more))
    assert sooner <= later <= sooner + more


@given(stretches(), seconds, seconds)
def test_what_ran_in_two_parts_is_what_ran_in_all(stood: tuple[Pause, ...], after: float, more: float) -> None:
    middle, end = SINCE + after, SINCE + after + more
    parts = pauses.ran_s(stood, SINCE, middle) + pauses.ran_s(stood, middle, end)
    assert parts == pauses.ran_s(stood, SINCE, end)


@given(stretches(), seconds)
def test_the_moment_that_is_reached_is_the_first_at_which_the_clock_has_run_so_long(
    stood: tuple[Pause, ...], after: float
) -> None:
    at = pauses.reached(stood, SINCE, after)
    if at is None:
        assert pauses.ran_s(stood, SINCE, SINCE + 10**7) < after or pauses.lasting(stood)
        return
    assert pauses.ran_s(stood, SINCE, at) == after
    assert after == 0 or pauses.ran_s(stood, SINCE, at - 1) == after - 1


@given(stretches(open_end=False), seconds, seconds)
def test_a_pause_moves_every_later_moment_by_its_length(stood: tuple[Pause, ...], length: float, beyond: float) -> None:
    began = max([SINCE, *(each.ended or 0.0 for each in stood)])
    more = pauses.resumed(pauses.begun(stood, began), began + length)
    ran = pauses.ran_s(stood, SINCE, began) + beyond + 1
    before, after = pauses.reached(stood, SINCE, ran), pauses.reached(more, SINCE, ran)
    assert before is not None
    assert after == before + length


@given(stretches(), seconds)
def test_nothing_lasts_beyond_the_end_and_what_ran_before_it_stays(stood: tuple[Pause, ...], after: float) -> None:
    end = SINCE + after
    closed = pauses.ended(stood, end)
    assert pauses.lasting(closed) is None
    assert all(each.ended is not None and each.ended <= end for each in closed)
    assert pauses.ran_s(closed, SINCE, end) == pauses.ran_s(stood, SINCE, end)


@given(stretches(open_end=False), seconds)
def test_the_clock_stands_from_its_pause_on(stood: tuple[Pause, ...], after: float) -> None:
    paused = pauses.begun(stood, SINCE + after)
    began = paused[-1].began
    assert pauses.lasting(paused) == paused[-1]
    assert pauses.ran_s(paused, SINCE, began) == pauses.ran_s(paused, SINCE, began + 9999)


@pytest.mark.parametrize(("at", "stands"), [(9.0, False), (10.0, False), (10.1, True), (19.9, True), (20.0, False)])
def test_a_pause_has_neither_its_first_moment_nor_its_last(at: float, stands: bool) -> None:
    assert pauses.covers((Pause(10.0, 20.0),), at) is stands


def test_a_pause_does_not_end_before_it_began_nor_begin_before_the_last_one_ended() -> None:
    once = pauses.resumed(pauses.begun((), 100.0), 90.0)
    assert once == (Pause(100.0, 100.0),)
    assert pauses.begun(once, 50.0)[-1] == Pause(100.0)
