import json
from pathlib import Path

import pytest
import typer

from labctl.base.errors import HostError, InputError, LabStateError
from labctl.cli.commands.postmortem import postmortem
from labctl.model.verdict import Answer
from labctl.model.vocabulary import Impact
from labctl.play import incidents
from tests.support.example_fault import CAUSE
from tests.support.world import World

Said = pytest.CaptureFixture[str]


@pytest.fixture
def draft(world: World, tmp_path: Path, capsys: Said) -> Path:
    incidents.start(world.lab, world.fault())
    incidents.submit(world.lab, Answer(CAUSE, frozenset({Impact.CHECKOUT_ERRORS})), ())
    postmortem(tmp_path / "postmortem.md")
    assert "has the draft of INC-0001's postmortem" in capsys.readouterr().out
    return tmp_path / "postmortem.md"


def test_nothing_before_the_end(world: World, tmp_path: Path) -> None:
    incidents.start(world.lab, world.fault())
    with pytest.raises(LabStateError, match="is not over"):
        postmortem(tmp_path / "postmortem.md")
    assert list(tmp_path.glob("*.md")) == []


def test_the_draft_has_the_five_sections(draft: Path) -> None:
    assert draft.read_text().count("\n## ") == 5


def test_what_somebody_has_written_is_not_replaced_unasked(draft: Path, capsys: Said) -> None:
    draft.write_text("mine")
    with pytest.raises(InputError, match="is there already"):
        postmortem(draft)
    assert draft.read_text() == "mine"
    capsys.readouterr()
    postmortem(draft, replace=True, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["text"] == draft.read_text() != "mine"


def finish(draft: Path) -> None:
    draft.write_text(draft.read_text().replace("|  |  |", "| the payments team | 2031-05-30 |"))


def test_the_draft_as_it_is_written_is_not_complete(draft: Path, capsys: Said) -> None:
    with pytest.raises(typer.Exit):
        postmortem(draft, check=True)
    assert "\n6 things missing" in capsys.readouterr().out


def test_a_finished_one_is_complete(draft: Path, capsys: Said) -> None:
    finish(draft)
    postmortem(draft, check=True)
    assert "The postmortem is complete, with 3 action items." in capsys.readouterr().out


def test_what_is_missing_is_said_with_its_line(draft: Path, capsys: Said) -> None:
    finish(draft)
    draft.write_text(draft.read_text().replace("| the payments team |", "| |", 1))
    capsys.readouterr()
    with pytest.raises(typer.Exit) as left:
        postmortem(draft, check=True)
    line = next(at for at, each in enumerate(draft.read_text().splitlines(), start=1) if "| |" in each)
    assert left.value.exit_code == 1
    assert f"postmortem.md:{line}: missing: the owner of this action item" in capsys.readouterr().out


def test_the_check_as_json(draft: Path, capsys: Said) -> None:
    draft.write_text("# Postmortem\n")
    capsys.readouterr()
    with pytest.raises(typer.Exit):
        postmortem(draft, check=True, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], told["complete"], len(told["problems"])) == ("labctl.postmortem-check/1", False, 5)


def test_files_that_are_no_postmortem(tmp_path: Path) -> None:
    with pytest.raises(HostError, match="cannot read"):
        postmortem(tmp_path / "none.md", check=True)
    (tmp_path / "raw").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="is not text in UTF-8"):
        postmortem(tmp_path / "raw", check=True)
