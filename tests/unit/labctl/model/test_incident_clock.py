"""An incident whose clock an instructor pauses, whose limit moves, that is ended or voided."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.boot_clock import Anchor
from labctl.base.errors import LabStateError
from labctl.model.incident import ENDED, Attempt, Incident, Page, Status
from labctl.model.incident_document import from_document, to_document
from labctl.model.measurement import Window
from labctl.model.verdict import WRONG_PENALTY_S, Answer
from labctl.model.vocabulary import Impact
from tests.support.example_fault import CAUSE, NEAR

PAGED = 110.0
NEW = Incident("INC-0001", "example-fault", Window(70, 100), injected_at=100.0)
OPEN = NEW.paged(Page("CheckoutErrorRatioHigh", "Checkouts fail", "", at=PAGED))
LIMITED = replace(OPEN, limit_s=600.0)
STEPS = ("pause", "resume", "extend", "wrong")


def attempt(at: float, right: bool = False) -> Attempt:
    return Attempt(at, Answer(CAUSE if right else NEAR, frozenset({Impact.NO_IMPACT})), (), (), right)


def test_the_clock_stands_still_while_paused() -> None:
    paused = OPEN.pause(140)
    assert paused.paused
    assert paused.clock_s(140) == paused.clock_s(5000) == 30
    resumed = paused.resume(240)
    assert not resumed.paused
    assert resumed.clock_s(250) == 40


def test_the_limit_waits_for_the_clock() -> None:
    paused = LIMITED.pause(140)
    assert paused.deadline is None
    assert paused.left_s(9000) == 570
    assert paused.seen_at(9000) == paused
    resumed = paused.resume(240)
    assert resumed.deadline == PAGED + 600 + 100
    assert resumed.left_s(240) == 570
    assert resumed.seen_at(PAGED + 701).ended_at == PAGED + 700


def test_no_answer_is_taken_while_the_clock_stands() -> None:
    paused = OPEN.pause(140)
    with pytest.raises(LabStateError, match="paused"):
        paused.submitted(attempt(150, right=True))
    with pytest.raises(LabStateError, match="paused"):
        paused.resume(200).submitted(attempt(150, right=True))
    assert paused.resume(200).submitted(attempt(210, right=True)).clock_s(0) == 40


def test_an_answer_from_before_the_pause_is_judged_though_it_had_to_wait() -> None:
    solved = OPEN.pause(140).submitted(attempt(130, right=True))
    assert (solved.status, solved.ended_at, solved.pauses, solved.paused) == (Status.SOLVED, 130, (), False)
    assert solved.clock_s(9999) == 20


def test_a_pause_does_not_begin_before_an_answer_that_was_judged_meanwhile() -> None:
    paused = OPEN.submitted(attempt(150)).pause(140)
    assert paused.pauses[-1].began == 150
    assert paused.resume(300).submitted(attempt(310)).clock_s(310) == 50 + 2 * WRONG_PENALTY_S


@pytest.mark.parametrize(
    "change",
    [
        lambda incident: incident.pause(150),
        lambda incident: incident.resume(150),
        lambda incident: incident.extended(60),
        lambda incident: incident.cut_short(150),
    ],
)
@pytest.mark.parametrize("status", [each for each in Status if each is not Status.OPEN])
def test_only_an_open_incident_has_a_clock_to_change(change: Callable[[Incident], Incident], status: Status) -> None:
    with pytest.raises(LabStateError, match=f"is {status}"):
        change(replace(LIMITED, status=status))


def test_a_clock_is_paused_once_and_resumed_once() -> None:
    with pytest.raises(LabStateError, match="stands still already"):
        OPEN.pause(140).pause(150)
    with pytest.raises(LabStateError, match="runs"):
        OPEN.resume(150)


def test_more_time() -> None:
    assert LIMITED.extended(120).deadline == PAGED + 720
    with pytest.raises(LabStateError, match="no limit"):
        OPEN.extended(120)


def test_ended_now_is_as_at_the_limit() -> None:
    over = LIMITED.pause(140).cut_short(200)
    assert (over.status, over.ended_at, over.clock_s(999)) == (Status.TIMED_OUT, 200, 30)
    assert over.takes(130)
    assert not over.takes(199)
    assert not over.takes(201)
    assert over.submitted(attempt(130, right=True)).status is Status.SOLVED


@pytest.mark.parametrize("status", [Status.OPEN, *sorted(ENDED)])
def test_any_incident_that_has_paged_can_be_voided(status: Status) -> None:
    before = replace(OPEN, status=status, ended_at=None if status is Status.OPEN else 140.0)
    void = before.voided(200)
    assert (void.status, void.voided_from) == (Status.VOID, status)
    assert void.ended_at == (200 if status is Status.OPEN else 140)
    assert void.told is (status in ENDED)
    assert not void.takes(130)
    assert void.left_s(300) is None


def test_what_never_opened_and_what_is_void_is_not_voided() -> None:
    for incident in (NEW, NEW.void(120), OPEN.voided(120)):
        with pytest.raises(LabStateError):
            incident.voided(200)


def test_a_machine_that_starts_anew_does_not_run_back_behind_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 120.0)
    paused = replace(OPEN, anchor=Anchor("another boot", 0.0, 100.0)).pause(200)
    assert paused.now() == 200
    resumed = paused.resume(paused.now())
    assert resumed.clock_s(resumed.now()) == 90


@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 300)), max_size=12))
def test_whatever_is_done_the_clock_counts_the_time_it_ran_and_a_document_keeps_it(
    done: list[tuple[str, int]],
) -> None:
    incident, now, ran, running = replace(OPEN, limit_s=10**6), PAGED, 0.0, True
    for what, after in done:
        now += after
        ran += after if running else 0
        if what == "extend":
            incident = incident.extended(60)
        elif what == "pause" and running:
            incident, running = incident.pause(now), False
        elif what == "resume" and not running:
            incident, running = incident.resume(now), True
        elif what == "wrong" and running and incident.attempts_left > 1:
            incident = incident.submitted(attempt(now))
        incident = from_document(to_document(incident))
    assert incident.paused is not running
    assert incident.elapsed_s(now) == ran
    assert incident.clock_s(now) == ran + incident.penalty_s
    assert incident.limit_s is not None
    assert incident.left_s(now) == incident.limit_s - ran
    assert incident.when(ran + 1) == (now + 1 if running else None)
