from hypothesis import given
from hypothesis import strategies as st

from labctl.model.updates import EVERY_S, Due, Update, next_due, told

PAGE = 1000.0


def update(minutes: float) -> Update:
    return Update(PAGE + minutes * 60, f"at {minutes}")


def test_nothing_is_due_within_the_first_five_minutes() -> None:
    assert told(PAGE, [], PAGE + 299) == []
    assert next_due(PAGE, []) == PAGE + EVERY_S


def test_one_that_is_given_in_time_moves_the_next() -> None:
    (due,) = told(PAGE, [update(4)], PAGE + 8.9 * 60)
    assert (due.due, due.late_s) == (PAGE + 300, 0)
    assert next_due(PAGE, [update(4)]) == PAGE + 9 * 60


def test_a_late_one_says_by_how_much() -> None:
    (due,) = told(PAGE, [update(7)], PAGE + 8 * 60)
    assert due.late_s == 120


def test_silence_misses_one_every_five_minutes_and_the_update_that_comes_is_late_for_the_last() -> None:
    found = told(PAGE, [update(17)], PAGE + 23 * 60)
    assert found == [Due(PAGE + 300), Due(PAGE + 600), Due(PAGE + 900, update(17)), Due(PAGE + 22 * 60)]
    assert found[2].late_s == 120


@given(st.lists(st.floats(0, 7200), max_size=12), st.floats(0, 7200))
def test_every_update_is_told_once_and_dues_are_in_order(times: list[float], until: float) -> None:
    given_ = [Update(PAGE + at, str(at)) for at in times]
    found = told(PAGE, given_, PAGE + until)
    assert [each.given for each in found if each.given] == sorted(given_, key=lambda each: each.at)
    assert [each.due for each in found] == sorted(each.due for each in found)
