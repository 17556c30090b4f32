"""The steps, on two hosts that are made up: what is measured, and that whatever is not as it should be is an error."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from bench.swarm import steps
from bench.swarm.day import Day
from labctl.base.errors import LabctlError


@dataclass
class Host:
    """A host whose nodes and containers are what the day says."""

    name: str
    day: MadeUpDay
    up: bool = True

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        told = ""
        if command[:3] == ("docker", "node", "ls"):
            told = f"host-1 Ready\nhost-2 {'Ready' if self.day.pair.second.up else 'Down'}\n"
        elif command[:2] == ("docker", "ps"):
            told = "".join(f"{each}\n" for each in self.day.left)
        return subprocess.CompletedProcess(command, 0, told, "")

    def kill(self) -> None:
        self.up = False

    def start(self) -> None:
        self.up = True


@dataclass
class Pair:
    first: Host
    second: Host


@dataclass
class MadeUpDay:
    """Two teams; each question brings what was ordered one step further, as on a real one."""

    folder: Path
    places: dict[str, str] = field(default_factory=lambda: {"blue": "host-1", "green": "host-2"})
    incidents: dict[str, str] = field(default_factory=lambda: {"blue": "none", "green": "none"})
    orders: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    points: int | None = 7
    moves: bool = True
    away: int = 0
    """How often a lost lab is still missed."""

    def __post_init__(self) -> None:
        self.pair = Pair(Host("host-1", self), Host("host-2", self))

    def up(self) -> None:
        pass

    def place(self, team: str) -> str:
        return self.places[team]

    def room(self, team: str) -> bool:
        return bool(self.places[team])

    def order(self, path: str, **form: str) -> None:
        self.orders.append((path, form))
        if path == "start":
            self.incidents = {team: "ended" if state == "ended" else "paged" for team, state in self.incidents.items()}
        else:
            self.incidents[form["team"]] = "ended"

    def await_state(self, team: str, *states: str, within_s: float) -> None:
        del within_s
        assert self.incidents[team] in states

    def teams(self) -> dict[str, dict[str, Any]]:
        found = {team: {"incident": self.incidents[team], "ready": True} for team in self.places}
        for team, place in self.places.items():
            if place == "host-2" and not self.pair.second.up:
                self.incidents[team] = found[team]["incident"] = "void"
                found[team]["ready"] = False
                self.away += 1
                if self.away > 1:
                    self.places[team] = "host-1" if self.moves else ""
        return found

    def labctl(self, *arguments: str) -> dict[str, Any]:
        assert arguments == ("host", "drain", "host-1")
        self.places = dict.fromkeys(self.places, "host-2")
        return {}

    def down(self) -> Path:
        results = [{"state": "ended", "points": self.points}] * 2 + [{"state": "void", "points": None}]
        (self.folder / "results.json").write_text(json.dumps({"results": results}))
        return self.folder


@pytest.fixture
def day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MadeUpDay:
    monkeypatch.setattr(steps, "prepare", lambda *_: None)
    return MadeUpDay(tmp_path)


def played(day: MadeUpDay) -> list[tuple[str, str]]:
    return steps.play(cast("Day", day))


def test_a_lost_host_costs_its_team_an_incident_that_begins_again(day: MadeUpDay) -> None:
    found = played(day)
    assert len(found) == 7
    assert all(took.endswith(" s") for _, took in found)
    assert [path for path, _ in day.orders] == ["start", "order", "start", "order"]
    assert [form.get("team") for _, form in day.orders] == [None, "blue", None, "green"]
    assert "(within two minutes)" in found[3][0]


def test_both_labs_on_one_host_are_no_day_over_two(day: MadeUpDay) -> None:
    day.places["green"] = "host-1"
    with pytest.raises(LabctlError) as error:
        played(day)
    assert "a lab on each host" in (error.value.expected or "")


def test_a_result_without_points_is_lost(day: MadeUpDay) -> None:
    day.points = None
    with pytest.raises(LabctlError) as error:
        played(day)
    assert error.value.expected == "points for both"


def test_what_is_left_on_a_host_is_found(day: MadeUpDay) -> None:
    day.left = ["5f3a"]
    with pytest.raises(LabctlError) as error:
        played(day)
    assert error.value.expected == "no lab's container on host-1, not 1"


def test_a_lab_that_comes_up_nowhere_is_waited_for_and_told(day: MadeUpDay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "PATIENCE_S", 0.0)
    day.moves = False
    with pytest.raises(LabctlError, match="the lab to be up elsewhere"):
        played(day)
