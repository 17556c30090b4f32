"""The limit of an incident on a lab: whichever command comes next ends it, once, at the limit's moment."""

import multiprocessing
import queue
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from typing import TypeAlias

import pytest

from labctl.actions import incident as action
from labctl.base.errors import LabStateError
from labctl.model.incident import Incident, Status
from labctl.model.verdict import Answer
from labctl.model.vocabulary import Impact
from labctl.operate import injection
from labctl.play import ending, incidents, stored
from labctl.play.judging import Said
from labctl.play.told_changes import END
from labctl.state.locking import locked
from tests.support.example_fault import CAUSE, NEAR
from tests.support.world import World

LIMIT_S = 900.0
REAL = time.sleep, time.monotonic
Told: TypeAlias = "multiprocessing.Queue[tuple[str, str]]"
RIGHT = Answer(CAUSE, frozenset({Impact.CHECKOUT_ERRORS}))
WRONG = Answer(NEAR, frozenset({Impact.CHECKOUT_ERRORS}))


@pytest.fixture
def incident(world: World) -> Incident:
    return incidents.start(world.lab, world.fault(), hidden=True, limit_s=LIMIT_S)


def deadline(incident: Incident) -> float:
    assert incident.deadline is not None
    return incident.deadline


def ends(world: World) -> list[dict[str, object]]:
    return [entry.payload for entry in world.lab.store.journal.entries(kind=END)]


def test_looking_shows_that_it_is_over_and_changes_nothing(world: World, incident: Incident) -> None:
    world.clock.sleep(LIMIT_S + 60)
    seen = incidents.latest(world.lab)
    assert seen is not None
    assert (seen.status, seen.ended_at) == (Status.TIMED_OUT, deadline(incident))
    assert ends(world) == []
    with pytest.raises(LabStateError, match="is over: timed-out"):
        incidents.require_open(world.lab)


def test_who_holds_the_lab_ends_it_at_the_limit_and_once(world: World, incident: Incident) -> None:
    assert ending.end_if_due(world.lab) is None
    world.clock.sleep(LIMIT_S + 60)
    ended = ending.end_if_due(world.lab)
    assert ended is not None
    assert (ended.status, ended.ended_at) == (Status.TIMED_OUT, deadline(incident))
    assert ended.curves
    assert ending.end_if_due(world.lab) is None
    incidents.reconcile(world.lab)
    assert incidents.give_up(world.lab) is None
    assert stored.latest_of(world.lab.store.documents) == ended
    assert ends(world) == [{"incident": "INC-0001", "status": "timed-out", "at": deadline(incident), "changes": []}]


def test_a_moment_may_be_given(world: World, incident: Incident) -> None:
    assert ending.end_if_due(world.lab, deadline(incident)) is None
    ended = ending.end_if_due(world.lab, deadline(incident) + 1)
    assert ended is not None
    assert ended.ended_at == deadline(incident)


def test_a_wall_clock_that_is_set_back_gains_no_time(
    world: World, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.clock.sleep(LIMIT_S + 60)
    monkeypatch.setattr(time, "time", lambda: incident.injected_at)
    assert ending.end_if_due(world.lab) is not None


def test_healing_after_the_limit_gives_nothing_up(world: World, incident: Incident) -> None:
    world.clock.sleep(LIMIT_S + 60)
    injection.heal(world.lab)
    incidents.reconcile(world.lab)
    seen = stored.latest_of(world.lab.store.documents)
    assert seen is not None
    assert (seen.status, seen.ended_at) == (Status.TIMED_OUT, deadline(incident))


@pytest.mark.parametrize("noticed", [False, True])
def test_a_submission_made_before_the_limit_counts_however_late_it_is_judged(
    world: World, incident: Incident, noticed: bool
) -> None:
    made_at = deadline(incident) - 0.5
    world.clock.sleep(LIMIT_S + 60)
    if noticed:
        ending.end_if_due(world.lab)
    after = incidents.submit(world.lab, RIGHT, (), made_at=made_at)
    assert (after.status, after.ended_at, len(after.attempts)) == (Status.SOLVED, made_at, 1)
    assert ends(world)[-1]["status"] == "solved"


def test_a_submission_made_after_the_limit_is_refused_and_not_kept(world: World, incident: Incident) -> None:
    world.clock.sleep(LIMIT_S + 60)
    with pytest.raises(LabStateError, match="is over: timed-out"):
        action.submit("lab", RIGHT)
    seen = stored.latest_of(world.lab.store.documents)
    assert seen is not None
    assert seen.attempts == ()


def test_verdicts_are_dated_in_their_order(world: World, incident: Incident) -> None:
    now = incident.now()
    incidents.submit(world.lab, WRONG, (), made_at=now + 20)
    after = incidents.submit(world.lab, WRONG, (), made_at=now + 10)
    assert [each.at for each in after.attempts] == [now + 20, now + 20]


def test_the_reasoning_is_kept_and_not_graded(world: World, incident: Incident) -> None:
    after = action.submit("lab", RIGHT, said=Said("the queue grew first", "1%-6%"))
    assert (after.verdict, after.status) == ("right", "solved")
    seen = stored.latest_of(world.lab.store.documents)
    assert seen is not None
    assert (seen.attempts[0].because, seen.attempts[0].how_much) == ("the queue grew first", "1%-6%")


def _submit(answer: Answer, told: Told, go: Event) -> None:
    time.sleep, time.monotonic = REAL  # waiting for another process takes real time
    go.wait(60)
    try:
        verdict = action.submit("lab", answer)
        told.put((verdict.verdict, verdict.status))
    except LabStateError as error:
        told.put(("refused", error.what))


@contextmanager
def submitting(*answers: Answer) -> Iterator[tuple[Told, Event]]:
    """Give processes that each submit an answer once the event is set, and what they are told.

    They are there before the lab is held: a process that is started while it is held would hold it, too.
    """
    fork = multiprocessing.get_context("fork")
    told: Told = fork.Queue()
    go = fork.Event()
    processes = [fork.Process(target=_submit, args=(answer, told, go)) for answer in answers]
    for each in processes:
        each.start()
    yield told, go
    for each in processes:
        each.join()


def test_two_processes_submit_at_once_and_each_gets_its_verdict(world: World, incident: Incident) -> None:
    with submitting(WRONG, WRONG) as (told, go):
        go.set()
        assert [told.get(timeout=120) for _ in range(2)] == [("wrong", "open")] * 2
    seen = incidents.latest(world.lab)
    assert seen is not None
    assert [each.right for each in seen.attempts] == [False, False]


def test_while_another_submission_is_judged_a_process_waits_for_its_verdict(
    world: World, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "monotonic", REAL[1])
    with submitting(RIGHT) as (told, go):
        with locked("lab", "submit"):
            go.set()
            with pytest.raises(queue.Empty):  # longer than a command that doesn't wait needs to be refused
                told.get(timeout=1.5)
        assert told.get(timeout=120) == ("right", "solved")


def test_while_the_lab_heals_a_process_is_told_so_at_once(world: World, incident: Incident) -> None:
    with submitting(RIGHT) as (told, go), locked("lab", "heal"):
        go.set()
        kind, what = told.get(timeout=120)
    assert kind == "refused"
    assert "in use by 'labctl heal'" in what
