import pytest

from labctl.base.errors import LabStateError
from labctl.model.incident import Incident, Status
from labctl.model.verdict import Answer
from labctl.model.vocabulary import Impact
from labctl.play import clock, drills, incidents, judging, leaderboard, logbook, played, results, stored
from labctl.play.logbook import NOTE, UPDATE
from labctl.play.timeline import Kind
from labctl.state.store import LabStore
from tests.support.example_fault import CAUSE, NEAR
from tests.support.world import World

RIGHT = Answer(CAUSE, frozenset({Impact.CHECKOUT_ERRORS}))
WRONG = Answer(NEAR, frozenset({Impact.CHECKOUT_ERRORS}))


def start(world: World, **options: object) -> Incident:
    return incidents.start(world.lab, world.fault(), limit_s=900, hidden=True, **options)  # type: ignore[arg-type]


def pause_for(world: World, seconds: float) -> None:
    clock.pause(world.lab, clock.last_moment(world.lab))
    world.clock.sleep(seconds)
    clock.resume(world.lab, clock.last_moment(world.lab))


def latest(world: World) -> Incident:
    found = incidents.latest(world.lab)
    assert found is not None
    return found


def test_a_pause_outlives_the_process_that_made_it(world: World) -> None:
    start(world)
    before = latest(world).clock_s(latest(world).now())
    clock.pause(world.lab, clock.last_moment(world.lab))
    world.clock.sleep(3600)
    again = stored.latest_of(LabStore(world.lab.store.folder).documents)  # as whoever comes next reads it
    assert again is not None
    assert again.paused
    assert again.seen_at(again.now()).status is Status.OPEN
    assert again.clock_s(again.now()) == pytest.approx(before, abs=0.5)


def test_a_learner_who_submits_meanwhile_is_told_and_nothing_is_judged(world: World) -> None:
    start(world)
    clock.pause(world.lab, clock.last_moment(world.lab))
    with pytest.raises(LabStateError, match="no answer is taken") as refused:
        incidents.submit(world.lab, WRONG, ())
    assert "the pause costs no time" in refused.value.todo
    assert latest(world).attempts == ()
    assert world.lab.store.journal.entries(kind=judging.SUBMISSION) == []
    clock.resume(world.lab, clock.last_moment(world.lab))
    assert incidents.submit(world.lab, RIGHT, ()).status is Status.SOLVED


def test_status_updates_wait_as_the_clock_does(world: World) -> None:
    incident = start(world)
    due = logbook.update_due(world.lab, incident)
    clock.pause(world.lab, clock.last_moment(world.lab))
    assert logbook.update_due(world.lab, latest(world)) is None
    world.clock.sleep(1000)
    clock.resume(world.lab, clock.last_moment(world.lab))
    assert due is not None
    assert logbook.update_due(world.lab, latest(world)) == pytest.approx(due + 1000, abs=0.5)
    logbook.write(world.lab, UPDATE, "we are looking")
    (told,) = logbook.due_updates(latest(world), logbook.read(world.lab, latest(world)).updates)
    assert (told.late_s, told.due) == (0.0, 300.0)


def test_the_debrief_and_the_time_spent_leave_the_pause_out(world: World) -> None:
    start(world)
    world.lab.store.journal.looked_up("metrics", query="errors")
    world.clock.sleep(10)
    pause_for(world, 500)
    world.clock.sleep(10)
    world.lab.store.journal.looked_up("changes", since="1h")
    logbook.write(world.lab, NOTE, "the queue grows")
    incidents.submit(world.lab, WRONG, ())
    world.clock.sleep(5)
    solved = incidents.submit(world.lab, RIGHT, ())
    told = results.present(world.lab).debrief()
    assert told.clock_s == pytest.approx(solved.penalty_s + 25, abs=2)
    assert [round(each.at_s) for each in told.looks] == [0, 20]
    assert round(told.wrong_answers[0].at_s) == 20
    assert [each.what for each in told.timeline if each.kind is Kind.CLOCK] == [
        "the clock was paused",
        "the clock ran on",
    ]
    (result,) = leaderboard.board().results
    assert sum(result.spent.values()) == pytest.approx(result.clock_s, abs=0.1)
    assert result.spent["metrics"] == pytest.approx(20, abs=1)


def test_more_time_and_an_end(world: World) -> None:
    start(world)
    clock.extend(world.lab, 600, clock.last_moment(world.lab))
    world.clock.sleep(1200)
    assert latest(world).status is Status.OPEN
    ended = clock.end(world.lab, clock.last_moment(world.lab))
    assert ended.status is Status.TIMED_OUT
    assert ended.curves
    assert [each.payload["what"] for each in world.lab.store.journal.entries(kind=clock.CLOCK)] == ["extend", "end"]
    what = [each.what for each in results.present(world.lab).debrief().timeline if each.kind is Kind.CLOCK]
    assert what == ["the limit was moved by 10m 00s", "an instructor ended the incident"]


def test_what_is_out_of_time_is_not_paused(world: World) -> None:
    start(world)
    world.clock.sleep(1000)
    with pytest.raises(LabStateError, match="is over: timed-out"):
        clock.pause(world.lab, clock.last_moment(world.lab))


def test_of_a_void_incident_nothing_counts_and_its_answer_stays_hidden(world: World) -> None:
    start(world, seed=5)
    clock.void(world.lab, clock.last_moment(world.lab))
    board = leaderboard.board()
    assert (board.results, board.practice, board.void) == ((), 0, 1)
    with pytest.raises(LabStateError, match="is void: nothing of it counts"):
        results.present(world.lab).debrief()
    with pytest.raises(LabStateError, match="is void"):
        incidents.submit(world.lab, RIGHT, ())
    assert not played.before().knows("example-fault", 5)
    assert stored.next_id(world.lab) == "INC-0002"
    with pytest.raises(LabStateError, match="void already"):
        clock.void(world.lab, clock.last_moment(world.lab))


def test_one_that_was_told_before_it_was_voided_stays_told(world: World) -> None:
    start(world, seed=5)
    incidents.submit(world.lab, RIGHT, ())
    clock.void(world.lab, clock.last_moment(world.lab))
    assert leaderboard.board().results == ()
    assert played.before().knows("example-fault", 5)


def test_a_void_incident_does_not_hold_a_drill_up(world: World) -> None:
    start(world)
    over = drills.over(clock.void(world.lab, clock.last_moment(world.lab)))
    assert over is not None
    assert over.status == "void"


def test_nothing_to_change(world: World) -> None:
    with pytest.raises(LabStateError, match="there is no incident"):
        clock.last_moment(world.lab)
    for change in (clock.pause, clock.resume, clock.end, clock.void):
        with pytest.raises(LabStateError, match="there is no incident"):
            change(world.lab, 0.0)
