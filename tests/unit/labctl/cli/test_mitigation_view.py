from __future__ import annotations

import json

import pytest

from labctl.cli import mitigation_view
from labctl.cli.commands.debrief import debrief
from labctl.model.mitigation import Restart
from labctl.model.verdict import Answer
from labctl.model.vocabulary import Impact
from labctl.operate import hands
from labctl.play import incidents, mitigations
from labctl.play.mitigation_story import Known, Mitigated, StepTaken
from tests.support.example_fault import CAUSE
from tests.support.world import World

STEPS = (
    StepTaken(1, 20.0, "restart risk", undone=False, together_with=(2,), evidence_lost="its pool"),
    StepTaken(2, 30.0, "flag a off", undone=True, together_with=(1,), evidence_lost=""),
)
STORY = Mitigated(STEPS, 62.0, ("a remark",), (Known("rollback risk", True, "it is as it was"),))


def test_steps_remarks_and_what_would_have_helped(capsys: pytest.CaptureFixture[str]) -> None:
    mitigation_view.show_story(STORY)
    out = capsys.readouterr().out
    assert [line.split() for line in out.splitlines() if "flag a off" in line] == [
        ["30", "s", "2:", "flag", "a", "off", "undone"]
    ]
    assert "  a remark" in out
    assert "rollback risk  yes    it is as it was" in out


def test_without_steps_there_is_no_table(capsys: pytest.CaptureFixture[str]) -> None:
    mitigation_view.show_story(Mitigated((), None, ("nothing was done",), ()))
    assert capsys.readouterr().out == "\nWhat you did for the users\n  nothing was done\n"


def test_the_debrief_of_an_incident_has_the_section(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(hands, "carry_out", lambda _lab, _step: [])
    incidents.start(world.lab, world.fault())
    world.clock.sleep(10)
    mitigations.take(world.lab, Restart("risk"))
    world.clock.sleep(30)
    incidents.submit(world.lab, Answer(CAUSE, frozenset({Impact.CHECKOUT_ERRORS})), ())
    debrief(as_json=True)
    told = json.loads(capsys.readouterr().out)["mitigated"]
    (step,) = told["steps"]
    assert (step["step"], round(step["at_s"]), step["undone"]) == ("restart risk", 10, False)
    assert "its pool" in step["evidence_lost"]
