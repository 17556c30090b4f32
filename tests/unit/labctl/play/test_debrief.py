from dataclasses import replace
from typing import Any

import pytest

from labctl.base.errors import LabStateError
from labctl.model.fault import RootCause
from labctl.model.incident import Curves, Incident, Status
from labctl.model.verdict import NOTHING_EARNED, WRONG_POINTS
from labctl.model.vocabulary import Component, Mechanism, Trigger
from labctl.play.debrief import Debrief, Look, earned, tell
from labctl.state.journal import LOOK_UP, Entry
from tests.support.example_fault import CAUSE, EXAMPLE, NEAR
from tests.support.example_incident import INJECTED, PAGED, attempt, solved


def entry(at: float, kind: str = LOOK_UP, **payload: object) -> Entry:
    return Entry(0, at, kind, dict(payload), "")


def told(incident: Incident, *entries: Entry) -> Debrief:
    return tell(EXAMPLE, incident, entries)


@pytest.mark.parametrize("status", [Status.INJECTING, Status.OPEN, Status.VOID])
def test_nothing_is_told_before_the_end(status: Status) -> None:
    with pytest.raises(LabStateError, match="is not over"):
        told(replace(solved(), status=status))


def test_the_true_chain_with_what_was_measured() -> None:
    queue, _, _, errors = told(solved()).chain
    assert (queue.component, queue.onset_s, queue.baseline, queue.value) == ("risk", 2, 10, 40)
    assert (errors.component, errors.onset_s, errors.baseline, errors.value) == ("clients", 5, 0, 0.05)


def test_curves_show_the_healthy_lab_and_stop_a_minute_after_the_page() -> None:
    curve = told(solved()).chain[0].curve
    assert curve[0][0] < INJECTED
    assert curve[-1][0] <= PAGED + 60


def test_without_curves_the_rest_is_told() -> None:
    chain = told(replace(solved(), curves={})).chain
    assert all(link.curve == () and link.onset_s is None and link.value is None for link in chain)


def test_a_near_miss_is_explained_by_the_catalogue() -> None:
    (wrong,) = told(solved(attempt(PAGED + 30, NEAR))).wrong_answers
    assert (wrong.at_s, wrong.root_cause, wrong.reason) == (30, NEAR, "queries cost what they did")


def test_another_wrong_answer_by_where_it_differs() -> None:
    said = RootCause(Component.RISK, Trigger.CODE_RELEASE, Mechanism.DEADLOCK)
    (wrong,) = told(solved(attempt(PAGED + 30, said))).wrong_answers
    assert wrong.reason == (
        "the trigger is configuration-change, not code-release; "
        "the mechanism is connection-pool-too-small, not deadlock"
    )


def test_what_the_learner_looked_at_and_when() -> None:
    looks = told(
        solved(),
        entry(PAGED + 5, command="metrics", query="up", range_s=None),
        entry(PAGED + 6, kind="operation", what="heal"),
        entry(PAGED + 9, command="logs", service="risk", grep="timeout"),
        entry(PAGED + 99_999, command="changes"),
    ).looks
    assert looks == (Look(1, 5, "metrics", "up"), Look(2, 9, "logs", "risk, timeout"))


def test_switches_and_numbers_that_were_asked_for_have_their_names() -> None:
    asked: dict[str, Any] = {"service": "ledger", "operation": "", "min_ms": 250.0, "errors": True, "since": "1m"}
    (look,) = told(solved(), entry(PAGED + 5, command="traces", **asked)).looks
    assert look.asked == "ledger, min ms 250, errors, 1m"


def test_score_of_the_right_answer() -> None:
    assert earned(EXAMPLE, solved()).total == 70 + 7.5 + 7.5
    assert told(solved()).score.evidence == 7.5


def test_wrong_answers_cost_points_as_well_as_time() -> None:
    wrong = attempt(PAGED + 30, NEAR)
    assert earned(EXAMPLE, solved(wrong, wrong)).total == earned(EXAMPLE, solved()).total - 2 * WRONG_POINTS


@pytest.mark.parametrize("status", [Status.LOCKED, Status.GIVEN_UP])
def test_an_incident_that_was_not_solved_earns_nothing(status: Status) -> None:
    assert earned(EXAMPLE, replace(solved(), status=status)) == NOTHING_EARNED


def test_the_clock_with_its_penalties() -> None:
    assert told(solved(attempt(PAGED + 30, NEAR))).clock_s == 120 + 300


def test_the_answer_itself_is_no_wrong_answer() -> None:
    debrief = told(solved())
    assert debrief.wrong_answers == ()
    assert debrief.fault.root_cause == CAUSE


def test_no_effect_is_shown_before_its_cause_where_a_second_can_not_tell() -> None:
    late = solved()
    healthy, broken = late.curves["risk: queue"].healthy, late.curves["risk: queue"].broken
    shifted = tuple((at + 3, value) for at, value in broken)
    chain = told(replace(late, curves={**late.curves, "risk: queue": Curves(healthy, shifted)})).chain
    assert [link.onset_s for link in chain] == [3, 3, 4, 5]


def test_a_link_that_is_over_again_shows_what_it_was_while_it_lasted() -> None:
    passing = tuple((INJECTED + at, 3.0 if 4 <= at < 19 else 0.0) for at in range(120))
    incident = solved()
    curves = {**incident.curves, "payments: retries": Curves(incident.curves["payments: retries"].healthy, passing)}
    link = told(replace(incident, curves=curves)).chain[1]
    assert (link.onset_s, link.baseline, link.value, link.lasted_s) == (4, 0, 3, 15)
