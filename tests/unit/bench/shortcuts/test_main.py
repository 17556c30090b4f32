import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer

from bench.shortcuts import __main__ as program
from bench.shortcuts import baro
from bench.shortcuts.plan import Planned, planned
from bench.shortcuts.played import Log, Played, Told
from bench.shortcuts.players import players
from bench.shortcuts.playing import Playing
from labctl.base.errors import NotFoundError
from tests.support.catalogue import use_only
from tests.support.example_fault import EXAMPLE

RIGHT = {"newest-change": Told("risk / code-release", right=False), "methodical": Told("risk", right=True)}
SECONDS = {"wait": 1.0, "look": 1.0, "answer": 1.0}


def played(incident: Planned) -> Played:
    told = {name: RIGHT.get(name, RIGHT["newest-change"]) for name in players([EXAMPLE])}
    return Played(incident, "CheckoutsSlow", told, SECONDS)


@pytest.fixture
def played_now(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The seeds of the incidents that were played, in a lab that is none, with a catalogue of one fault."""
    seeds: list[int] = []

    def play(_self: Playing, incident: Planned) -> Played:
        seeds.append(incident.seed)
        return played(incident)

    @contextmanager
    def standing(_learner: object, _rps: float) -> Iterator[object]:
        yield SimpleNamespace(rps=20.0, speed=1.0)

    use_only(monkeypatch, EXAMPLE)
    monkeypatch.setattr(baro, "require", lambda: None)
    monkeypatch.setattr(program, "standing", standing)
    monkeypatch.setattr(program, "describe", lambda: {"cores": 2})
    monkeypatch.setattr(Playing, "play", play)
    return seeds


def test_a_run_goes_on_where_it_was_stopped_and_writes_the_record(tmp_path: Path, played_now: list[int]) -> None:
    out, log = tmp_path / "record.json", tmp_path / "log"
    program.main(fogs=["hazy"], draws=1, out=out, log=log)
    program.main(fogs=["hazy", "clear"], draws=1, out=out, log=log)
    assert len(played_now) == len(set(played_now)) == 2
    record = json.loads(out.read_text())
    assert record["players"]["methodical"] == {
        "hazy": {"incidents": 1, "right": 1},
        "clear": {"incidents": 1, "right": 1},
    }
    assert record["players"]["newest-change"]["hazy"] == {"incidents": 1, "right": 0}


def test_parts_are_played_side_by_side_and_a_last_run_writes_the_record(tmp_path: Path, played_now: list[int]) -> None:
    out, log = tmp_path / "record.json", tmp_path / "log"
    for number in (1, 2):
        program.main(fogs=["hazy"], draws=2, name=f"lab{number}", shard=f"{number}/2", out=out, log=log)
        assert len(played_now) == number
        assert not out.exists()
    program.main(fogs=["hazy"], draws=2, out=out, log=log)
    assert len(played_now) == len(set(played_now)) == 2
    assert json.loads(out.read_text())["players"]["methodical"]["hazy"]["incidents"] == 2


def test_a_broken_limit_is_told_and_fails(
    tmp_path: Path, played_now: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    log = Log(tmp_path / "log")
    (plan,) = planned([EXAMPLE.id], ["hazy"], 1, lambda _seed: EXAMPLE.id)
    log.add(Played(plan, why="no page came within 30 s"))
    with pytest.raises(typer.Exit) as ended:
        program.main(fogs=["hazy"], draws=1, out=tmp_path / "record.json", log=log.folder)
    assert ended.value.exit_code == 1
    assert "never paged: no page came within 30 s" in " ".join(capsys.readouterr().err.split())
    assert played_now == []


def test_a_fault_that_is_unknown_is_said(tmp_path: Path, played_now: list[int]) -> None:
    with pytest.raises(NotFoundError):
        program.main(faults=["nonsense"], out=tmp_path / "record.json", log=tmp_path)
    assert played_now == []
