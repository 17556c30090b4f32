import json

import pytest

from labctl.base.errors import LabStateError
from labctl.cli.commands.give_up import give_up
from labctl.play import incidents
from tests.support.world import World

Said = pytest.CaptureFixture[str]


def test_it_ends_the_incident_and_tells_what_it_was(world: World, capsys: Said) -> None:
    incidents.start(world.lab, world.fault())
    give_up()
    said = capsys.readouterr().out
    assert "An example (example-fault): given-up" in said
    assert "0 of 100" in said


def test_json_is_the_debrief(world: World, capsys: Said) -> None:
    incidents.start(world.lab, world.fault())
    give_up(as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["status"]) == ("labctl.debrief/2", "given-up")


def test_nothing_to_give_up(world: World) -> None:
    with pytest.raises(LabStateError, match="there is no incident"):
        give_up()


def test_one_that_is_over_is_not_given_up_again(world: World) -> None:
    incidents.start(world.lab, world.fault(), limit_s=900)
    world.clock.sleep(1000)
    with pytest.raises(LabStateError, match="is over: timed-out"):
        give_up()
