import json

import pytest

from labctl.actions import heal, incident_clock, live
from labctl.actions import incident as incident_action
from labctl.base.errors import InputError, LabStateError
from labctl.cli import page_view
from labctl.cli.commands.incident import end, extend, pause, resume, void
from labctl.cli.commands.page import page
from labctl.model.incident import Incident
from labctl.play import incidents
from labctl.state.locking import locked
from tests.support.world import World

Said = pytest.CaptureFixture[str]


def start(world: World) -> Incident:
    return incidents.start(world.lab, world.fault(), limit_s=900)


def test_pause_and_resume_say_where_the_clock_stands(world: World, capsys: Said) -> None:
    start(world)
    world.clock.sleep(30)
    pause()
    world.clock.sleep(300)
    resume()
    said = capsys.readouterr().out
    assert "the clock of INC-0001 is paused at 30 s; the lab runs on, and no answer is taken" in said
    assert "the clock of INC-0001 runs on from 30 s" in said


def test_the_page_says_that_the_clock_is_paused(world: World, capsys: Said) -> None:
    start(world)
    pause()
    page()
    said = capsys.readouterr().out
    assert "paused since" in said
    assert "due at" not in said


def test_more_time(world: World, capsys: Said) -> None:
    start(world)
    extend("10m", as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["done"], document["limit_s"]) == ("labctl.incident-clock/1", "extend", 1500)
    with pytest.raises(InputError, match="can't be extended"):
        extend("9h")


def test_an_end_can_be_read(world: World, capsys: Said) -> None:
    start(world)
    end()
    assert "INC-0001 is over" in capsys.readouterr().out
    assert incident_action.page("lab").status == "timed-out"


def test_a_void_incident_leaves_a_healed_lab(world: World, capsys: Said) -> None:
    start(world)
    void()
    assert "INC-0001 is void: nothing of it counts, and the lab is healed" in capsys.readouterr().out
    assert world.healthy_now
    with pytest.raises(LabStateError, match="is void: nothing of it counts"):
        incident_action.require_open("lab")
    incidents.require_none(world.lab)


def test_a_healing_that_was_killed_leaves_it_void(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(_name: str) -> None:
        raise KeyboardInterrupt

    start(world)
    with monkeypatch.context() as patched:
        patched.setattr(heal, "heal", killed)
        with pytest.raises(KeyboardInterrupt):
            void()
    with pytest.raises(LabStateError, match="still broken"):
        incidents.require_none(world.lab)
    assert heal.heal("lab").given_up is None
    incidents.require_none(world.lab)


def test_it_counts_from_when_it_was_asked_for(world: World) -> None:
    start(world)
    at = world.clock.now
    with pytest.raises(LabStateError, match="in use"), locked("lab", "up"):
        incident_clock.pause("lab")
    assert incident_clock.pause("lab").clock_s < world.clock.now - at + 1


def test_whoever_watches_hears_of_it(world: World) -> None:
    start(world)
    versions = []
    for change in (incident_clock.pause, incident_clock.resume):
        versions.append(live.Watch("lab").look().versions["incident"])
        change("lab")
    versions.append(live.Watch("lab").look().versions["incident"])
    assert len(set(versions)) == 3


def test_the_time_that_is_left_is_shown_while_paused(world: World) -> None:
    start(world)
    incident_clock.pause("lab")
    told = page_view.timing(incident_action.page("lab"))
    assert list(told) == ["time left"]
