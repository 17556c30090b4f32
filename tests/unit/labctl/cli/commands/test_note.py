import json
from pathlib import Path

import pytest

from labctl.cli.commands.debrief import debrief
from labctl.cli.commands.note import note, notes
from labctl.play import incidents
from tests.support.world import World

Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def an_incident(world: World) -> None:
    incidents.start(world.lab, world.fault())


def test_notes_are_listed_and_told_in_the_debrief_and_the_postmortem(
    world: World, capsys: Said, tmp_path: Path
) -> None:
    notes()
    assert "no notes yet" in capsys.readouterr().err
    note("the queue | grows\nand grows")
    assert "note 1 is written down" in capsys.readouterr().err
    notes()
    assert "the queue | grows\\nand grows" in capsys.readouterr().out
    debrief(give_up=True, markdown=tmp_path / "postmortem.md")
    assert "Your notes" in capsys.readouterr().out
    assert "| note: the queue \\| grows and grows |" in (tmp_path / "postmortem.md").read_text("utf-8")


def test_json(world: World, capsys: Said) -> None:
    world.clock.sleep(30)
    note("a", as_json=True)
    (written,) = json.loads(capsys.readouterr().out)["notes"]
    assert (written["number"], written["text"]) == (1, "a")
    assert written["at_s"] == pytest.approx(30, abs=1)
