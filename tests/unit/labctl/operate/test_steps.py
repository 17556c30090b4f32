from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest

from labctl.base.errors import EngineError
from labctl.lab.lab import Lab
from labctl.model.authors import AUTHORS
from labctl.operate import guard, injection, steps
from labctl.state.script import Script
from tests.support.example_change import FLAG, NEWS, POOL
from tests.support.fake_lab import FakeStack, make_lab
from tests.support.killed import killed_at


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    lab.flag_file.prepare()
    lab.store.script.write(Script(7))
    return lab, stack


def script(lab: Lab) -> Script:
    found = lab.store.script.read()
    assert found is not None
    return found


def seen(lab: Lab) -> object:
    """Return everything that a step leaves, but for times and numbers."""
    feed = [(each.kind, each.component, each.summary, each.author, each.new) for each in lab.store.changes.list()]
    undo = [(each.mechanism, each.subject, each.before) for each in lab.store.undo_log.entries()]
    now = script(lab)
    played = [(each.number, each.change, len(each.undo), len(each.feed)) for each in now.made]
    return feed, undo, played, now.next, now.under_way, lab.files.text("payments"), lab.traffic_file.read()


@pytest.mark.parametrize("change", [POOL, NEWS, FLAG], ids=lambda each: each.id)
def test_killed_at_any_write_and_done_again_it_was_done_once(
    made: tuple[Lab, FakeStack], monkeypatch: pytest.MonkeyPatch, change: object
) -> None:
    lab, _ = made

    def play() -> None:
        steps.settle(lab)
        if not script(lab).made:
            steps.make(lab, script(lab), change, 0.0)  # type: ignore[arg-type]

    play()
    whole = seen(lab)
    for write in itertools.count(1):
        steps.take_back(lab, script(lab), script(lab).made[0], 0.0)
        lab.store.changes.remove_after(0)
        lab.store.script.write(Script(7))
        if not killed_at(monkeypatch, write, play):
            break
        play()
        assert seen(lab) == whole
    assert write > 4


def test_killed_while_it_takes_a_step_back_the_next_one_ends_that(
    made: tuple[Lab, FakeStack], monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, _ = made
    before = lab.files.text("payments")
    for write in itertools.count(1):
        after = steps.make(lab, script(lab), POOL, 0.0)
        killed = killed_at(monkeypatch, write, lambda now=after: steps.take_back(lab, now, now.made[-1], 0.0))
        steps.settle(lab)
        if script(lab).made:  # killed before it had begun
            steps.take_back(lab, script(lab), script(lab).made[-1], 0.0)
        assert lab.files.text("payments") == before
        assert lab.store.undo_log.entries() == []
        assert (script(lab).made, script(lab).under_way) == ((), None)
        assert lab.store.changes.list()[-1].summary in steps.WORDS
        if not killed:
            break


def test_every_step_is_somebody_s_and_can_be_told_by_the_script_alone(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    after = steps.make(lab, script(lab), POOL, 5.0)
    (change,) = lab.store.changes.list()
    (entry,) = lab.store.undo_log.entries()
    (step,) = after.made
    assert change.author in AUTHORS
    assert (step.feed, step.undo) == ((change.id,), (entry.number,))
    assert (after.next, after.due) == (1, 5.0)
    assert script(lab) == after


def test_one_that_fails_leaves_nothing(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    before = seen(lab)
    stack.fails_with, stack.fails_times = EngineError("no room"), 1
    with pytest.raises(EngineError):
        steps.make(lab, script(lab), POOL, 0.0)
    assert seen(lab) == before


def test_one_that_changes_nothing_is_no_step(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    lab.configuration.change("payments", "DB_POOL_MAX", "9", author="a.n", summary="Before")
    after = steps.make(lab, script(lab), POOL, 0.0)
    assert (after.made, after.next) == ((), 1)


def test_what_ends_by_itself_ends_in_silence(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    after = steps.make(lab, script(lab), NEWS, 0.0)
    (step,) = after.made
    assert step.until is not None
    assert 55 < step.until - time.time() < 95
    steps.end(lab, after, step)
    assert len(lab.store.changes.list()) == 1
    assert lab.traffic_file.read().rate == 1


def test_taken_back_it_reads_as_a_colleague_s(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    after = steps.make(lab, script(lab), POOL, 0.0)
    after = steps.take_back(lab, after, after.made[0], 0.0)
    last = lab.store.changes.list()[-1]
    assert last.author in AUTHORS
    assert last.summary in steps.WORDS
    assert (after.made, after.next) == ((), 2)


def test_what_somebody_else_has_built_upon_is_covered(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    step = steps.make(lab, script(lab), POOL, 0.0).made[0]
    assert not steps.covered(lab, step)
    lab.configuration.change("payments", "RISK_TIMEOUT_MS", "32", author="a.n", summary="Faster")
    assert not steps.covered(lab, step), "another setting"
    lab.configuration.change("payments", "DB_POOL_MAX", "1", author="a.n", summary="Fewer")
    assert steps.covered(lab, step)
    assert [each.subject for each in steps.others(lab)] == ["payments", "payments"]


def test_the_next_command_takes_a_half_done_step_back_and_leaves_the_rest_as_it_is(
    made: tuple[Lab, FakeStack], monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, _ = made
    steps.make(lab, script(lab), POOL, 0.0)
    assert killed_at(monkeypatch, 4, lambda: steps.make(lab, script(lab), FLAG, 0.0))
    assert steps.cut_short(lab)
    with guard.exclusive(lab, "submit"):
        assert not steps.cut_short(lab)
        assert [each.mechanism for each in lab.store.undo_log.entries()] == ["configuration"]
    assert lab.flag_file.flag("close-look").variant == "on"


def test_healing_undoes_them_as_well_and_the_feed_forgets(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    before = lab.files.text("payments")
    steps.make(lab, script(lab), POOL, 0.0)
    lab.configuration.change("risk", "DB_POOL_MAX", "1", author="a.n", summary="The bad one")
    injection.heal(lab)
    assert lab.files.text("payments") == before
    assert (lab.store.changes.list(), script(lab).made) == ([], ())
    assert len(lab.store.changes.list(past=True)) == 4
