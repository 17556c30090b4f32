from __future__ import annotations

import itertools
import time
from dataclasses import replace

import pytest

from labctl.base.errors import EngineError, LabStateError
from labctl.lab.lab import Lab
from labctl.model.incident_document import to_document
from labctl.operate import steps
from labctl.play import incidents
from labctl.play.director import choosing, history
from labctl.play.director.step import play
from labctl.state.change_feed import NewChange
from labctl.state.locking import locked
from labctl.state.script import Script
from tests.support.example_change import NEWS, POOL, named, use_changes
from tests.support.fake_incident import open_incident
from tests.support.fake_lab import FakeStack
from tests.support.killed_writes import killed_at


def script(lab: Lab) -> Script:
    found = lab.store.script.read()
    assert found is not None
    return found


def hurry(lab: Lab) -> None:
    """Let the next step be due now."""
    lab.store.script.write(replace(script(lab), due=0.0))


def test_what_is_due_is_done_once(lab: Lab) -> None:
    play("lab")
    assert len(script(lab).made) == script(lab).next == len(lab.store.changes.list()) == 1
    play("lab")
    assert script(lab).next == 1


@pytest.mark.parametrize(
    ("entries", "between"), [(0, choosing.CATCH_UP_GAP_S), (history.LEAST_IN_HOUR, choosing.CALM_GAP_S)]
)
def test_an_hour_with_little_in_it_fills_sooner(lab: Lab, entries: int, between: tuple[float, float]) -> None:
    lone = NewChange("job", "jobs", "Tidy", "", "tidy", "a.novak")
    lab.store.changes.add_past((time.time() - 60, lone) for _ in range(entries))
    play("lab")
    gap = script(lab).due - time.time()
    assert between[0] - 5 < gap < between[1] + 5


def test_equal_seeds_play_equal_scripts(lab: Lab) -> None:
    def played() -> list[tuple[str, str]]:
        lab.store.script.write(Script(3))
        for _ in range(3):
            hurry(lab)
            play("lab")
        found = [(each.summary, each.author) for each in lab.store.changes.list()]
        for each in script(lab).made:
            steps.end(lab, script(lab), each)
        lab.store.changes.remove_after(0)
        return found

    assert played() == played()


def test_a_director_killed_anywhere_goes_on_and_does_no_step_twice(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    for write in itertools.count(1):
        killed = killed_at(monkeypatch, write, lambda: play("lab"))
        play("lab")
        assert len(script(lab).made) == script(lab).next == len(lab.store.changes.list()) == 1
        assert len(lab.store.undo_log.entries()) == 1
        steps.end(lab, script(lab), script(lab).made[0])
        lab.store.changes.remove_after(0)
        lab.store.script.write(Script(7))
        if not killed:
            break


def test_when_everything_is_in_force_something_is_taken_back(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    use_changes(monkeypatch, POOL)
    monkeypatch.setattr(choosing, "MOST_IN_FORCE", 0.01)
    monkeypatch.setattr(choosing, "APART_S", 0.0)
    for _ in range(2):
        hurry(lab)
        play("lab")
    assert script(lab).made == ()
    assert lab.store.changes.list()[-1].summary in steps.WORDS


def test_what_lasts_a_while_is_ended_when_its_time_is_over(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    use_changes(monkeypatch, NEWS)
    play("lab")
    assert lab.traffic_file.read().rate > 1
    now = script(lab)
    lab.store.script.write(replace(now, made=(replace(now.made[0], until=1.0),)))
    play("lab")
    assert (lab.traffic_file.read().rate, script(lab).made) == (1.0, ())


def test_what_somebody_built_upon_stays_until_the_lab_is_healed(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    use_changes(monkeypatch, NEWS)
    play("lab")
    lab.load.shift(3)
    now = script(lab)
    lab.store.script.write(replace(now, made=(replace(now.made[0], until=1.0),)))
    play("lab")
    assert lab.traffic_file.read().rate == 3
    assert [each.until for each in script(lab).made] == [None]


def test_one_that_fails_is_left_out(made: tuple[Lab, FakeStack], monkeypatch: pytest.MonkeyPatch) -> None:
    lab, stack = made
    use_changes(monkeypatch, POOL)
    stack.fails_with, stack.fails_times = EngineError("no room"), 1
    with pytest.raises(EngineError):
        play("lab")
    assert (script(lab).failed, script(lab).made, script(lab).next) == (1, (), 1)
    assert script(lab).due > time.time()


def test_a_way_back_that_fails_goes_on_as_the_same_step(
    made: tuple[Lab, FakeStack], monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, stack = made
    use_changes(monkeypatch, POOL)
    monkeypatch.setattr(choosing, "MOST_IN_FORCE", 0.01)
    monkeypatch.setattr(choosing, "APART_S", 0.0)
    play("lab")
    hurry(lab)
    stack.fails_with, stack.fails_times = EngineError("no room"), 1
    with pytest.raises(EngineError):
        play("lab")
    assert (script(lab).next, script(lab).failed, script(lab).under_way is None) == (1, 1, False)
    play("lab")
    assert (script(lab).next, script(lab).made, script(lab).under_way) == (2, (), None)
    first, back = lab.store.changes.list()
    assert (back.old, back.new) == (first.new, first.old)
    assert back.summary in steps.WORDS


def test_it_waits_while_another_command_is_at_work_or_was_killed(lab: Lab) -> None:
    with locked("lab", "verify"), pytest.raises(LabStateError):
        play("lab")
    lab.store.operations.begin("break")
    play("lab")
    assert script(lab).next == 0


def test_in_an_incident_steps_come_sooner_and_take_nothing_back(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "MOST_IN_FORCE", 0.01)
    monkeypatch.setattr(choosing, "APART_S", 0.0)
    use_changes(monkeypatch, POOL, named(POOL, "another"))
    play("lab")
    incident = open_incident()
    lab.store.documents.put(incidents.KIND, incident.id, to_document(incident))
    hurry(lab)
    play("lab")
    assert len(script(lab).made) == 1
    assert script(lab).due - time.time() < choosing.INCIDENT_GAP_S[1] + 1
