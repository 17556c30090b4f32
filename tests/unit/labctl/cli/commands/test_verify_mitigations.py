"""`labctl verify FAULT --mitigations`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer

from labctl.base.errors import InputError
from labctl.cli.commands.verify import verify
from labctl.health import steady_state
from labctl.model.mitigation import Mitigation, Restart, restores, useless
from labctl.operate import hands
from labctl.verify import mitigations
from tests.support.catalogue import use_only
from tests.support.world import STEADY, World

HELPS = restores(Restart("risk"), why="it mends it")
DOES_NOT = useless(Restart("payments"), why="it is well")


@pytest.fixture
def known(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A fault of which two ways are known, in a world that restarting risk mends."""

    def take(_lab: object, step: object) -> list[int]:
        if step == Restart("risk"):
            world.heal()
        return []

    monkeypatch.setattr(hands, "carry_out", take)
    monkeypatch.setattr(mitigations, "describe", lambda: {"cores": 2})
    monkeypatch.setattr(steady_state, "CLIENTS_VIEW", frozenset({STEADY.name}))
    _knows(world, monkeypatch, HELPS, DOES_NOT)
    return world


def _knows(world: World, monkeypatch: pytest.MonkeyPatch, *ways: Mitigation) -> None:
    use_only(monkeypatch, world.fault(mitigations=ways))


def test_every_way_is_verified_and_shown(known: World, capsys: pytest.CaptureFixture[str]) -> None:
    verify(["example-fault"], mitigations=True)
    said = capsys.readouterr()
    rows = [line.split() for line in said.out.splitlines() if line.startswith("example-fault")]
    assert [row[3:5] for row in rows] == [["restores", "pass"], ["useless", "pass"]]
    assert "[2 of 2] example-fault: restart payments: pass" in said.err
    assert known.healthy_now


def test_a_wrong_claim_exits_with_1(known: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _knows(known, monkeypatch, restores(Restart("payments"), why="it does not"))
    with pytest.raises(typer.Exit) as caught:
        verify(["example-fault"], mitigations=True)
    assert caught.value.exit_code == 1


def test_a_fault_of_which_nothing_is_known_proves_nothing(known: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _knows(known, monkeypatch)
    with pytest.raises(typer.Exit):
        verify(["example-fault"], mitigations=True)


def test_records_of_other_ways_stay_in_the_file(known: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "found.json"
    _knows(known, monkeypatch, HELPS)
    verify(["example-fault"], mitigations=True, json_file=path)
    _knows(known, monkeypatch, DOES_NOT)
    verify(["example-fault"], mitigations=True, json_file=path)
    found = json.loads(path.read_text())
    assert [each["steps"] for each in found["mitigations"]] == ["restart risk", "restart payments"]
    assert found["outcome"] == "pass"


def test_options_without_a_meaning_for_it_are_refused(known: World, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--mitigations"):
        verify(["example-fault"], mitigations=True, junit_file=tmp_path / "r.xml")
    assert known.broken == []
