import json

import pytest

from labctl.base.errors import InputError
from labctl.cli.commands.debrief import debrief
from labctl.cli.commands.page import page
from labctl.cli.commands.update import update
from labctl.play import incidents
from tests.support.world import World

Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def an_incident(world: World) -> None:
    incidents.start(world.lab, world.fault())


def test_one_in_time_and_when_the_next_is_due(world: World, capsys: Said) -> None:
    world.clock.sleep(60)
    update("some checkouts fail")
    said = capsys.readouterr()
    assert [line.split("  ")[0] for line in said.out.splitlines()[1:]] == ["5m 00s"]
    assert "some checkouts fail" in said.out
    assert "LATE" not in said.out
    assert "the next update is due at" in said.err


def test_late_and_missing_ones_show_here_in_the_page_and_in_the_debrief(world: World, capsys: Said) -> None:
    world.clock.sleep(7 * 60)
    page()
    assert "LATE by 2m 00s" in capsys.readouterr().out
    update("we are on it")
    assert "7m 00s, 2m 00s LATE" in capsys.readouterr().out
    world.clock.sleep(6 * 60)
    debrief(give_up=True)
    said = capsys.readouterr().out
    assert "7m 00s, 2m 00s LATE" in said
    assert "MISSING" in said


def test_without_a_text_they_are_listed(world: World, capsys: Said) -> None:
    update(as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert document["updates"] == []
    world.clock.sleep(400)
    update(as_json=True)
    (missing,) = json.loads(capsys.readouterr().out)["updates"]
    assert (missing["due_s"], missing["at_s"], missing["text"]) == (300, None, None)


def test_an_empty_one_is_refused() -> None:
    with pytest.raises(InputError, match="the update is empty"):
        update(" ")
