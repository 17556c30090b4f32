import json
from pathlib import Path

import pytest

from labctl.base.errors import HostError, LabStateError
from labctl.cli.commands.debrief import debrief
from labctl.model.verdict import Answer
from labctl.model.vocabulary import Impact
from labctl.operate import injection
from labctl.play import incidents
from labctl.state.change_feed import NewChange
from tests.support.example_fault import CAUSE, NEAR
from tests.support.world import World

Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def an_incident(world: World) -> None:
    incidents.start(world.lab, world.fault())


def solve(world: World) -> None:
    world.clock.sleep(30)
    world.lab.store.journal.looked_up("metrics", query="rate(errors[10s])")
    incidents.submit(world.lab, Answer(NEAR, frozenset({Impact.CHECKOUT_ERRORS})), ())
    incidents.submit(world.lab, Answer(CAUSE, frozenset({Impact.CHECKOUT_ERRORS})), ())


def test_nothing_before_the_end(capsys: Said) -> None:
    with pytest.raises(LabStateError, match="is not over"):
        debrief()
    assert capsys.readouterr().out == ""


def test_no_incident(world: World) -> None:
    world.lab.store.documents.remove("incident", "INC-0001")
    with pytest.raises(LabStateError, match="there is no incident"):
        debrief()


def test_everything_is_told(world: World, capsys: Said) -> None:
    solve(world)
    debrief()
    said = capsys.readouterr().out
    for text in (
        "An example (example-fault): solved",
        "The pool was made too small.",
        "risk / configuration-change / connection-pool-too-small",
        "67.5 of 100: root cause 70 of 70, impact 7.5 of 15, evidence 0 of 15, less 10 for wrong answers",
        "requests queue",
        "queries cost what they did",
        "rate(errors[10s])",
        "5m 00s of it for wrong answers",
        "█",
    ):
        assert text in said


def test_what_was_changed_by_hand_is_said(world: World, capsys: Said) -> None:
    solve(world)
    document = world.lab.store.documents.get("incident", "INC-0001") or {}
    world.lab.store.documents.put("incident", "INC-0001", {**document, "attempts": document["attempts"][1:]})
    debrief()
    assert "NOT TO BE TRUSTED: the incident INC-0001 was changed" in capsys.readouterr().out


def test_the_second_time_is_practice_and_says_so(world: World, capsys: Said) -> None:
    solve(world)
    debrief()
    assert "practice" not in capsys.readouterr().out
    injection.heal(world.lab)
    world.clock.sleep(600)
    incidents.start(world.lab, world.fault())
    debrief(give_up=True)
    assert "practice: this machine had told the answer before" in capsys.readouterr().out


def test_json_has_the_curves(world: World, capsys: Said) -> None:
    solve(world)
    debrief(as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert document["fault"] == "example-fault"
    assert document["score"]["total"] == 67.5
    assert [link["component"] for link in document["chain"]] == ["risk", "payments", "gateway", "clients"]
    assert all(len(link["curve"]) > 30 and link["onset_s"] for link in document["chain"])
    assert [each["right"] for each in document["submissions"]] == [False, True]
    assert document["looked_at"][0]["asked"] == "rate(errors[10s])"


def test_again_after_heal(world: World, capsys: Said) -> None:
    solve(world)
    injection.heal(world.lab)
    world.clock.sleep(600)
    world.metrics.signals = {}
    debrief(as_json=True)
    assert all(link["curve"] for link in json.loads(capsys.readouterr().out)["chain"])


def test_give_up(world: World, capsys: Said) -> None:
    debrief(give_up=True)
    said = capsys.readouterr().out
    assert "example-fault): given-up" in said
    assert "0 of 100" in said


def test_after_heal_it_was_given_up(world: World, capsys: Said) -> None:
    injection.heal(world.lab)
    debrief()
    assert "given-up" in capsys.readouterr().out


def test_markdown(world: World, tmp_path: Path, capsys: Said) -> None:
    solve(world)
    debrief(markdown=tmp_path / "postmortem.md")
    text = (tmp_path / "postmortem.md").read_text()
    assert text.startswith("# Postmortem: Checkouts fail")
    assert text.count("\n## ") == 5
    assert "# Debrief of INC-0001: An example" in text
    assert "postmortem draft written to" in capsys.readouterr().err


def test_html(world: World, tmp_path: Path, capsys: Said) -> None:
    solve(world)
    debrief(html=tmp_path / "debrief.html")
    assert (tmp_path / "debrief.html").read_text().startswith("<!doctype html>")
    assert "open it in a browser" in capsys.readouterr().err


def test_the_way_that_evidence_leads_and_the_whole_story(world: World, capsys: Said) -> None:
    solve(world)
    debrief()
    said = capsys.readouterr().out
    assert "The earliest abnormal signal was risk: queue" in said
    assert "you never looked at it" in said
    assert "labctl metrics 'queue'" in said
    assert "The whole story, from an hour before" in said


def test_after_heal_the_story_still_has_the_changes_that_healing_took_out_of_the_feed(
    world: World, capsys: Said
) -> None:
    change = NewChange("configuration", "risk", "Fewer connections", "4", "2", "c.meyer")
    world.on_inject = lambda: world.lab.store.changes.add_past([(world.clock.now, change)])
    incidents.give_up(world.lab)
    injection.heal(world.lab)
    world.clock.sleep(600)
    incidents.start(world.lab, world.fault())
    solve(world)
    injection.heal(world.lab)
    assert [each for each in world.lab.store.changes.list() if each.author == "c.meyer"] == []
    world.lab.store.changes.add_past([(world.clock.now - 5, NewChange("job", "risk", "Told later", "", "", "a.novak"))])
    debrief(as_json=True)
    timeline = json.loads(capsys.readouterr().out)["timeline"]
    told = [(each["what"], each["part"]) for each in timeline if each["kind"] == "change"]
    assert told == [("configuration by c.meyer: Fewer connections (4 to 2)", "cause")]


def test_a_file_that_can_not_be_written(world: World, tmp_path: Path) -> None:
    solve(world)
    with pytest.raises(HostError, match="cannot write"):
        debrief(markdown=tmp_path / "missing" / "postmortem.md")
