"""An incident with a limit: it ends there by itself, and what was submitted before still counts."""

from dataclasses import replace

import pytest

from labctl.base.errors import LabStateError
from labctl.model.incident import Attempt, Incident, Page, Status
from labctl.model.incident_document import from_document, to_document
from labctl.model.measurement import Window
from labctl.model.verdict import MAX_WRONG, WRONG_PENALTY_S, Answer
from labctl.model.vocabulary import Impact
from tests.support.example_fault import CAUSE, NEAR

PAGE = Page("CheckoutErrorRatioHigh", "Checkouts fail", "Customers wait", 110.0, "gateway", "page", 108.0)
OPEN = Incident("INC-0001", "example-fault", Window(70, 100), injected_at=100.0, limit_s=900.0, hidden=True).paged(PAGE)
LIMIT = 110.0 + 900.0


def attempt(at: float, *, right: bool = False) -> Attempt:
    answer = Answer(CAUSE if right else NEAR, frozenset({Impact.NO_IMPACT}))
    return Attempt(at, answer, (), (), right, "because of the queue")


def test_it_is_open_up_to_its_limit_and_over_after_it() -> None:
    assert OPEN.seen_at(LIMIT) is OPEN
    over = OPEN.seen_at(LIMIT + 500)
    assert (over.status, over.ended_at) == (Status.TIMED_OUT, LIMIT)
    assert over.seen_at(LIMIT + 999) == over == OPEN.seen_at(LIMIT + 0.001)


def test_the_time_left() -> None:
    assert (OPEN.left_s(120.0), OPEN.left_s(LIMIT + 5)) == (890.0, 0.0)
    assert OPEN.seen_at(LIMIT + 1).left_s(LIMIT + 1) is None
    assert replace(OPEN, limit_s=None).left_s(120.0) is None


def test_penalties_take_no_time_away() -> None:
    after = OPEN.submitted(attempt(120))
    assert after.left_s(120) == 890
    assert after.clock_s(120) == 10 + WRONG_PENALTY_S


def test_without_a_limit_it_never_ends_by_itself() -> None:
    endless = replace(OPEN, limit_s=None)
    assert endless.seen_at(1e12) is endless


@pytest.mark.parametrize("right", [True, False])
def test_a_submission_at_the_limit_is_judged_also_once_the_limit_was_noticed(right: bool) -> None:
    noticed = OPEN.seen_at(LIMIT + 30)
    for before in (OPEN, noticed):
        after = before.submitted(attempt(LIMIT, right=right))
        assert [each.right for each in after.attempts] == [right]
        assert after.ended_at == (LIMIT if right or before is noticed else None)
    assert after.status is (Status.SOLVED if right else Status.TIMED_OUT)


def test_a_submission_after_the_limit_is_refused() -> None:
    for before in (OPEN, OPEN.seen_at(LIMIT + 30)):
        assert not before.takes(LIMIT + 0.01)
    with pytest.raises(LabStateError, match="is timed-out"):
        OPEN.seen_at(LIMIT + 30).submitted(attempt(LIMIT + 0.01, right=True))


def test_the_last_wrong_one_before_the_limit_locks_even_when_it_is_judged_late() -> None:
    incident = OPEN
    for each in range(MAX_WRONG - 1):
        incident = incident.submitted(attempt(120.0 + each))
    assert incident.seen_at(LIMIT + 1).submitted(attempt(LIMIT)).status is Status.LOCKED


def test_all_of_it_survives_the_store() -> None:
    incident = OPEN.submitted(attempt(120)).seen_at(LIMIT + 1)
    assert from_document(to_document(incident)) == incident


def test_the_record_of_an_older_labctl_has_no_limit_and_a_shorter_page() -> None:
    document = to_document(OPEN.submitted(attempt(120)))
    del document["limit_s"], document["hidden"], document["attempts"][0]["because"]
    for name in ("service", "severity", "since"):
        del document["page"][name]
    old = from_document(document)
    assert (old.limit_s, old.hidden, old.attempts[0].because) == (None, False, "")
    assert old.page == Page("CheckoutErrorRatioHigh", "Checkouts fail", "Customers wait", 110.0)
