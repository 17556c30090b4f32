import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer

from labctl.base.errors import HostError, InputError, LabStateError, NotFoundError
from labctl.catalogue import catalogue
from labctl.cli.commands.verify import verify
from labctl.model.draw import Draw
from labctl.play import incidents
from labctl.verify import git, margin
from labctl.verify.margin import Margin
from tests.support.example_change import FLAG, use_changes
from tests.support.world import World

Said = pytest.CaptureFixture[str]


def test_a_pass_returns(world: World, capsys: Said) -> None:
    verify(["example-fault"])
    said = capsys.readouterr()
    assert "example-fault: pass" in said.out
    assert "[1 of 1] example-fault" in said.err


def test_a_fail_exits_with_1(world: World, capsys: Said) -> None:
    world.pages = False
    with pytest.raises(typer.Exit) as caught:
        verify(["example-fault"])
    assert caught.value.exit_code == 1
    assert "no page within 30 s" in capsys.readouterr().out


def test_unknown_exits_with_1_too(world: World) -> None:
    world.use({"cpu": None})
    with pytest.raises(typer.Exit):
        verify(["example-fault"])


def test_writes_the_records(world: World, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("r.json", "r.xml", "r.md")]
    verify(["example-fault"], repeat=2, json_file=files[0], junit_file=files[1], markdown_file=files[2])
    assert [each["outcome"] for each in json.loads(files[0].read_text())["records"]] == ["pass", "pass"]
    assert ET.fromstring(files[1].read_text()).attrib["tests"] == "2"  # noqa: S314 - our own text
    assert files[2].read_text().count("# example-fault: pass") == 2
    assert world.lab.store.documents.count("verification") == 2


def test_repeated_runs_are_summed_up(world: World, capsys: Said) -> None:
    verify(["example-fault"], repeat=3)
    assert "3 runs: 3 pass" in capsys.readouterr().out
    assert len(world.broken) == 3


def test_one_bad_run_among_good_ones_exits_with_1(world: World) -> None:
    def only_the_first_pages() -> None:
        world.pages = len(world.broken) < 2

    world.on_inject = only_the_first_pages
    with pytest.raises(typer.Exit):
        verify(["example-fault"], repeat=2)


def test_a_file_that_can_not_be_written_is_said_before_anything_is_injected(world: World, tmp_path: Path) -> None:
    with pytest.raises(HostError, match="cannot write"):
        verify(["example-fault"], json_file=tmp_path / "missing" / "r.json")
    assert world.broken == []


def test_an_unknown_fault_gets_the_nearest(world: World) -> None:
    with pytest.raises(NotFoundError) as caught:
        verify(["exampl-fault"])
    assert caught.value.near == "example-fault"


def test_not_during_an_incident_and_the_records_of_before_stay(world: World, tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text("of before")
    incidents.start(world.lab, catalogue.find("example-fault"))
    with pytest.raises(LabStateError, match="still open"):
        verify(["example-fault"], json_file=tmp_path / "r.json")
    assert not world.healthy_now
    assert (tmp_path / "r.json").read_text() == "of before"


def test_a_series_that_is_cut_short_keeps_what_it_found(world: World, tmp_path: Path) -> None:
    def interrupt_the_second() -> None:
        if len(world.broken) == 2:
            raise KeyboardInterrupt

    world.on_inject = interrupt_the_second
    with pytest.raises(KeyboardInterrupt):
        verify(["example-fault"], repeat=3, json_file=tmp_path / "r.json")
    document = json.loads((tmp_path / "r.json").read_text())
    assert (len(document["records"]), document["outcome"]) == (1, "unknown")
    assert document["summary"]["not_run"] == ["example-fault"] * 2
    assert world.healthy_now


def test_all_of_them_and_a_soak(world: World, tmp_path: Path, capsys: Said) -> None:
    verify(everything=True, soak=1, json_file=tmp_path / "r.json", markdown_file=tmp_path / "r.md")
    document = json.loads((tmp_path / "r.json").read_text())
    assert [each["fault"] for each in document["records"]] == ["example-fault"]
    assert document["soak"]["outcome"] == "pass"
    assert document["records"][0]["matrix"] == {"example-fault": "yes"}
    assert "## Confusion matrix" in (tmp_path / "r.md").read_text()
    assert "soak of 1 minutes: pass" in capsys.readouterr().out


def test_a_soak_alone(world: World) -> None:
    verify(soak=1)
    assert world.broken == []


def test_what_does_not_fit_into_the_budget_exits_with_1_and_is_named(world: World, capsys: Said) -> None:
    with pytest.raises(typer.Exit) as caught:
        verify(["example-fault"], budget=0.5)
    assert caught.value.exit_code == 1
    assert "not run, so unknown: example-fault" in capsys.readouterr().out
    assert world.broken == []


def test_a_change_that_touches_nothing_passes_without_a_lab(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    monkeypatch.setattr(git, "changed_files", lambda _root, _base: ["README.md"])
    verify(changed="main", junit_file=tmp_path / "r.xml", name="nowhere")
    assert ET.fromstring((tmp_path / "r.xml").read_text()).attrib["tests"] == "0"  # noqa: S314 - our own text
    assert "nothing to verify" in capsys.readouterr().err


def test_nothing_asked_for_is_wrong_usage(world: World) -> None:
    with pytest.raises(InputError, match="in one way"):
        verify()


def with_margin(monkeypatch: pytest.MonkeyPatch, symptom: float | None, healthy: float | None) -> None:
    found = Margin("CheckoutErrorRatioHigh", symptom, "CheckoutsSlow", healthy)
    monkeypatch.setattr(margin, "measured", lambda *_: found)


@pytest.mark.parametrize(("symptom", "healthy"), [(2.5, 0.4), (None, 0.4)])
def test_a_margin_that_is_wide_enough_passes(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: Said, symptom: float | None, healthy: float
) -> None:
    with_margin(monkeypatch, symptom, healthy)
    verify(["example-fault"], margin=2.0)
    said = capsys.readouterr().out
    assert "example-fault: pass" in said
    assert "narrow margin" not in said


@pytest.mark.parametrize(
    ("levels", "said"),
    [((1.5, 0.4), "went to 1.50 times"), ((2.5, 0.7), "came to 0.70"), ((2.5, None), "was not measured")],
)
def test_a_narrow_margin_exits_with_1_where_one_was_asked_for(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: Said, levels: tuple[float, float | None], said: str
) -> None:
    with_margin(monkeypatch, *levels)
    verify(["example-fault"])
    with pytest.raises(typer.Exit) as caught:
        verify(["example-fault"], margin=2.0)
    assert caught.value.exit_code == 1
    assert said in capsys.readouterr().out


def test_colleagues_changes_are_proved_by_their_ids(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    harmless = replace(FLAG, make=lambda *_: world.lab.store.undo_log.add("world", "a bit", {}), id="harmless")
    harmful = replace(FLAG, make=lambda lab, _draw: world.inject(lab), id="harmful")
    use_changes(monkeypatch, harmless, harmful)
    verify(["harmless"], colleagues=True, json_file=tmp_path / "proofs.json")
    assert "pass: 1 of 1 proofs made" in capsys.readouterr().out
    assert json.loads((tmp_path / "proofs.json").read_text())["records"][0]["change"] == "harmless"
    with pytest.raises(typer.Exit):
        verify(colleagues=True)
    assert "the signature of example-fault held" in capsys.readouterr().err


def test_a_soak_with_colleagues_makes_their_changes_and_takes_them_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def make(_lab: object, draw: Draw) -> None:
        world.lab.store.undo_log.add("world", "a bit", {})
        made.append(str(draw.seed))

    use_changes(monkeypatch, *(replace(FLAG, make=make, id=f"change-{number}") for number in range(3)))
    verify(colleagues=True, soak=3)
    assert len(made) >= 2
    assert world.lab.store.undo_log.entries() == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"colleagues": True, "mitigations": True}, "--colleagues and --mitigations were given"),
        ({"mitigations": True, "fog": "hazy"}, "--mitigations and --fog were given"),
        ({"colleagues": True, "repeat": 2}, "--repeat: no meaning with --colleagues"),
        ({"colleagues": True, "ends": True}, "--ends: no meaning with --colleagues"),
        ({"mitigations": True, "ends": True}, "--ends: no meaning with --mitigations"),
        ({"colleagues": True, "margin": 2.0, "everything": True}, "--margin and --all: no meaning"),
        ({"mitigations": True, "soak": 1.0}, "--soak: no meaning with --mitigations"),
    ],
)
def test_options_that_mean_nothing_together_are_refused(world: World, options: dict[str, Any], said: str) -> None:
    del world
    with pytest.raises(InputError, match=said):
        verify(["example-fault"], **options)
