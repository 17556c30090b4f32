from __future__ import annotations

import json
from pathlib import Path

import pytest

from labctl.actions import export as action
from labctl.actions.export import ENVIRONMENT, GRAPH, INJECTION, Format, export
from labctl.base.errors import HostError, InputError
from labctl.model.verdict import Answer
from labctl.model.vocabulary import Impact
from labctl.play import incidents
from labctl.play.looked import of_incident
from labctl.play.stored import latest
from tests.support.example_fault import CAUSE
from tests.support.exporting import MadeUp
from tests.support.world import World


@pytest.fixture
def started(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(action, "Stores", lambda *_: MadeUp(cut=["traces from 1 to 2: cut at 3"]))
    incidents.start(world.lab, world.fault())
    return world


@pytest.mark.parametrize("kind", [Format.RCAEVAL, Format.OTLP])
def test_the_cause_is_written_once_the_incident_is_over(started: World, tmp_path: Path, kind: Format) -> None:
    before = export(started.lab.name, tmp_path / "open", kind)
    assert not before.with_answer
    assert before.cut == ("traces from 1 to 2: cut at 3",)
    assert not {INJECTION, GRAPH} & {each.name for each in before.files}
    written = "".join(file.read_text() for file in (tmp_path / "open").iterdir())
    assert str(CAUSE.mechanism) not in written
    assert started.fault().id not in written
    incidents.submit(started.lab, Answer(CAUSE, frozenset({Impact.CHECKOUT_ERRORS})), ())
    after = export(started.lab.name, tmp_path / "over", kind)
    assert after.with_answer
    assert {ENVIRONMENT, INJECTION, GRAPH} <= {each.name for each in after.files}
    assert {each.name for each in after.files} == {file.name for file in (tmp_path / "over").iterdir()}
    assert json.loads((tmp_path / "over" / INJECTION).read_text())["root_cause"]["mechanism"] == CAUSE.mechanism


def test_it_is_a_look_up_in_the_journal(started: World, tmp_path: Path) -> None:
    export(started.lab.name, tmp_path / "x", Format.OTLP)
    incident = latest(started.lab)
    assert incident
    assert [(each.command, each.asked) for each in of_incident(started.lab, incident)] == [("export", "otlp")]


def test_what_is_there_is_not_written_over(started: World, tmp_path: Path) -> None:
    folder = tmp_path / "taken"
    folder.mkdir()
    (folder / "mine").write_text("mine")
    with pytest.raises(InputError, match="is not empty: it has mine"):
        export(started.lab.name, folder, Format.OTLP)
    with pytest.raises(HostError, match="cannot use"):
        export(started.lab.name, folder / "mine", Format.OTLP)
