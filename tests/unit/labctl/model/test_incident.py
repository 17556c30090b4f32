from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import LabStateError
from labctl.model.incident import Attempt, Incident, Page, Status
from labctl.model.measurement import Window
from labctl.model.verdict import MAX_WRONG, WRONG_PENALTY_S, Answer
from labctl.model.vocabulary import Impact
from tests.support.example_fault import CAUSE, NEAR

PAGE = Page("CheckoutErrorRatioHigh", "Checkouts fail", "", at=110.0)
NEW = Incident("INC-0001", "example-fault", Window(70, 100), injected_at=100.0)
OPEN = NEW.paged(PAGE)


def attempt(at: float, right: bool = False) -> Attempt:
    return Attempt(at, Answer(CAUSE if right else NEAR, frozenset({Impact.NO_IMPACT})), (), (), right)


def test_the_clock_starts_with_the_page_not_with_the_injection() -> None:
    assert NEW.clock_s(200.0) == 0
    assert OPEN.clock_s(110.0) == 0
    assert OPEN.clock_s(170.0) == 60


def test_a_wrong_answer_costs_time() -> None:
    after = OPEN.submitted(attempt(130))
    assert after.status is Status.OPEN
    assert after.clock_s(140) == 30 + WRONG_PENALTY_S
    assert after.attempts_left == MAX_WRONG - 1


def test_the_right_answer_stops_the_clock() -> None:
    solved = OPEN.submitted(attempt(120)).submitted(attempt(150, right=True))
    assert solved.status is Status.SOLVED
    assert solved.clock_s(150) == solved.clock_s(99999) == 40 + WRONG_PENALTY_S


def test_too_many_wrong_answers_lock() -> None:
    incident = OPEN
    for i in range(MAX_WRONG):
        assert incident.status is Status.OPEN
        incident = incident.submitted(attempt(120 + i))
    assert incident.status is Status.LOCKED
    assert incident.attempts_left == 0
    assert incident.ended_at == 120 + MAX_WRONG - 1


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.OPEN])
def test_only_an_open_incident_takes_answers(status: Status) -> None:
    with pytest.raises(LabStateError, match=f"is {status}"):
        replace(OPEN, status=status).submitted(attempt(120, right=True))


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.OPEN])
def test_only_an_open_incident_can_be_given_up(status: Status) -> None:
    with pytest.raises(LabStateError):
        replace(OPEN, status=status).given_up(120)


def test_without_a_page_there_is_no_incident() -> None:
    assert NEW.void(130).status is Status.VOID
    with pytest.raises(LabStateError):
        OPEN.void(130)


def test_paged_once_only() -> None:
    with pytest.raises(LabStateError):
        OPEN.paged(PAGE)


def test_the_broken_window_ends_with_the_incident() -> None:
    assert OPEN.broken(150) == Window(100, 150)
    assert OPEN.given_up(140).broken(150) == Window(100, 140)


@given(st.lists(st.booleans(), max_size=12))
def test_any_sequence_of_answers_ends_at_most_once(answers: list[bool]) -> None:
    incident = OPEN
    for i, right in enumerate(answers):
        if incident.status is not Status.OPEN:
            with pytest.raises(LabStateError):
                incident.submitted(attempt(120 + i, right))
            continue
        incident = incident.submitted(attempt(120 + i, right))
    wrong_first = answers.index(True) if True in answers else len(answers)
    if wrong_first >= MAX_WRONG:
        assert incident.status is Status.LOCKED
    else:
        assert incident.status is (Status.SOLVED if True in answers else Status.OPEN)
    assert incident.wrong == min(wrong_first, MAX_WRONG)
