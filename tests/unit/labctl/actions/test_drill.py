from __future__ import annotations

from pathlib import Path

import pytest

from labctl.actions import drill, incident
from labctl.base.errors import InputError, LabStateError
from labctl.catalogue import drill_plans
from labctl.model.verdict import parse_answer
from labctl.play import drills, incidents
from labctl.state.locking import Holder
from tests.support.catalogue import use_only
from tests.support.example_fault import CAUSE
from tests.support.world import World

PLAN = """title: Two of them
incidents:
  - draw: {track: pools, seed: 1}
    limit: 15m
    break: 5m
    fog: dense
  - draw: {difficulty: 2}
"""


@pytest.fixture
def plan(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    use_only(monkeypatch, world.fault())
    file = tmp_path / "two.yaml"
    file.write_text(PLAN)
    return str(file)


def solve(world: World) -> None:
    words = (str(CAUSE.component), str(CAUSE.trigger), str(CAUSE.mechanism))
    assert incident.submit("lab", parse_answer(*words, ["some-checkouts-fail"])).verdict == "right"


def states(answer: drill.Drill) -> list[str]:
    return [each.state for each in answer.steps]


def test_a_drill_breaks_waits_heals_rests_and_goes_on(world: World, plan: str) -> None:
    playing = drill.run("lab", plan)
    first = next(playing)
    assert (first.state, states(first)) == ("open", ["open", "to-come"])
    assert first.incident
    assert first.incident.limit_s == 900
    assert first.incident.fog == "dense"
    assert incidents.require_open(world.lab).around.drill == "two"
    solve(world)
    rest = next(playing)
    assert (rest.state, states(rest)) == ("rest", ["solved", "to-come"])
    assert not world.broken or world.broken[-1][1] <= world.clock.now
    before = world.clock.now
    second = next(playing)
    assert world.clock.now - before >= 299
    assert states(second) == ["solved", "open"]
    assert second.incident
    assert second.incident.fog == "hazy", "as over every hidden one"
    done = next(playing)  # nobody does anything: the limit ends it
    assert (done.state, states(done)) == ("done", ["solved", "timed-out"])
    assert next(playing, None) is None
    assert drill.status("lab") == done


@pytest.mark.parametrize("solved", [False, True])
def test_a_drill_that_was_killed_goes_on_with_the_same_incident(world: World, plan: str, solved: bool) -> None:
    killed = drill.run("lab", plan)
    first = next(killed)
    killed.close()
    if solved:
        solve(world)
    Path(plan).unlink()  # the plan is kept with the lab
    playing = drill.run("lab")
    again = next(playing)
    assert first.steps[0].incident == again.steps[0].incident == "INC-0001"
    if not solved:
        solve(world)
    assert states(next(playing)) == ["solved", "to-come"]
    assert [each.incident for each in next(playing).steps] == ["INC-0001", "INC-0002"]


def test_a_drill_that_was_killed_before_the_page_begins_that_incident_again(
    world: World, plan: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(incident, "start", killed)
        with pytest.raises(KeyboardInterrupt):
            next(drill.run("lab", plan))
    assert drill.status("lab").state == "to-begin"
    assert next(drill.run("lab")).steps[0].incident == "INC-0001"


def test_a_command_of_the_learners_is_let_end_first(world: World, plan: str, monkeypatch: pytest.MonkeyPatch) -> None:
    playing = drill.run("lab", plan)
    next(playing)
    solve(world)
    busy = [Holder(1, "debrief", world.clock.now)] * 3
    monkeypatch.setattr(drill, "holder", lambda _name: busy.pop() if busy else None)
    assert next(playing).state == "rest"
    assert busy == []


def test_one_drill_at_a_time(world: World, plan: str) -> None:
    playing = drill.run("lab", plan)
    next(playing)
    with pytest.raises(LabStateError, match="another process plays the drill"):
        next(drill.run("lab", plan))
    playing.close()
    with pytest.raises(LabStateError, match="is not done") as caught:
        next(drill.run("lab", "first-hour"))
    assert "--again" in caught.value.todo


def test_a_new_drill_needs_a_lab_without_an_incident(world: World, plan: str) -> None:
    incidents.start(world.lab, world.fault())
    with pytest.raises(LabStateError, match="is still open"):
        next(drill.run("lab", plan))
    assert drills.load(world.lab) is None


def test_without_a_plan_there_has_to_be_one_to_go_on_with(world: World) -> None:
    with pytest.raises(InputError, match="no drill was named"):
        next(drill.run("lab"))
    with pytest.raises(LabStateError, match="there is no drill"):
        drill.status("lab")


def test_the_shipped_drills_are_listed() -> None:
    assert [each.name for each in drill.known().drills] == list(drill_plans.FIRST)
