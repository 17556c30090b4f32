import pytest

from labctl.base.errors import SickLabError
from labctl.health.baseline import (
    LOOK_BACK_S,
    MAX_S,
    MIN_S,
    NEWEST_START,
    RAMP_S,
    STARTS,
    last_touched,
    look_back_s,
    settled,
    window,
)
from labctl.model.measurement import Window
from labctl.state.change_feed import NewChange
from labctl.state.script import Made, Script
from tests.support.world import World

CHANGE = NewChange("configuration", "risk", "Restore configuration", "5", "3600", "on-call")


def test_a_lab_left_alone_has_its_longest_window() -> None:
    assert window(touched=0, now=1000) == Window(1000 - MAX_S, 1000)


def test_the_window_begins_when_nothing_looks_back_on_the_last_change() -> None:
    assert window(touched=970, now=1000) == Window(970 + LOOK_BACK_S, 1000)


def test_a_lab_left_alone_needs_no_waiting(world: World) -> None:
    began = world.clock.now
    assert settled(world.lab).seconds == pytest.approx(MAX_S, abs=1)
    assert world.clock.now - began < 1


def test_a_lab_just_changed_is_waited_for(world: World) -> None:
    change = world.lab.store.changes.add(CHANGE)
    healthy = settled(world.lab)
    assert healthy.start >= change.at + LOOK_BACK_S
    assert healthy.seconds >= 4.9
    assert MIN_S > 0


def test_a_lab_just_made_too(world: World) -> None:
    assert last_touched(world.lab) == world.lab.record.created_at + RAMP_S
    change = world.lab.store.changes.add(CHANGE)
    assert last_touched(world.lab) == change.at


def test_a_sick_lab_is_refused(world: World) -> None:
    world.inject(world.lab)
    world.clock.sleep(10)
    with pytest.raises(SickLabError, match="checkout errors: 1"):
        settled(world.lab)


def test_what_leaves_no_trace_counts_as_a_change_too(world: World) -> None:
    world.lab.store.touch()
    assert last_touched(world.lab) == world.lab.store.touched_at


def test_a_colleague_s_change_needs_no_waiting_nor_does_its_roll_out(world: World) -> None:
    lab = world.lab
    change = lab.store.changes.add(CHANGE)
    began, ended = change.at - 1, change.at + 4
    made = Made(0, "a-change", "configuration", "risk", began, ended, None, (1,), (change.id,))
    lab.store.script.write(Script(1, made=(made,)))
    starts = {STARTS: lambda _at: change.at + 2, NEWEST_START: lambda _at: change.at + 2}
    world.metrics.signals = {**world.metrics.signals, **starts}
    assert last_touched(lab) == lab.record.created_at + RAMP_S
    lab.store.script.write(Script(1))
    assert last_touched(lab) == change.at + 2 + RAMP_S


@pytest.mark.parametrize(("level", "seconds"), [("clear", 20), ("hazy", 20), ("dense", 70)])
def test_the_thicker_the_fog_the_further_probes_look_back(world: World, level: str, seconds: float) -> None:
    world.lab.fog.choose(level)
    assert look_back_s(world.lab) == seconds


@pytest.mark.parametrize(("level", "seconds"), [(None, 20), ("clear", 20), ("dense", 70)])
def test_before_fog_comes_a_lab_settles_as_its_probes_will_look(
    world: World, level: str | None, seconds: float
) -> None:
    assert look_back_s(world.lab, level) == seconds
    change = world.lab.store.changes.add(CHANGE)
    healthy = settled(world.lab, fog=level)
    assert healthy.start >= change.at + seconds
    assert healthy.seconds >= 4.9
