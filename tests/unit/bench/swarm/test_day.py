"""What is asked of the first host, and what its answers are taken for."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from bench.swarm.day import Day
from bench.swarm.hosts import Pair
from labctl.base.errors import LabctlError, LabStateError

LINKS = {"instructor": "http://10.0.0.1:8091/i/secret", "address": "http://10.0.0.1:8091/"}
PAGE = '<input type="hidden" name="hub_key" value="00ff">'


class Machine:
    """A host that answers by what its commands hold."""

    def __init__(self, answers: Mapping[str, str], code: int = 0) -> None:
        self.answers = answers
        self.code = code
        self.commands: list[tuple[str, ...]] = []

    def run(self, *command: str, check: bool = True, timeout: float = 1) -> subprocess.CompletedProcess[str]:
        del check, timeout
        self.commands.append(command)
        told = next((answer for part, answer in self.answers.items() if any(part in each for each in command)), "")
        return subprocess.CompletedProcess(command, self.code, told, "it is on fire" if self.code else "")


def day_on(machine: Machine, folder: Path) -> Day:
    return Day(cast("Pair", SimpleNamespace(first=machine)), folder, LINKS)


def test_an_order_carries_the_pages_key_and_comes_from_the_hubs_own_pages(tmp_path: Path) -> None:
    machine = Machine({"/instructor/start": "303", "/instructor/": PAGE})
    day_on(machine, tmp_path).order("start", round="1")
    ordered = machine.commands[-1]
    assert {"round=1", "hub_key=00ff", "Origin: http://10.0.0.1:8091"} <= set(ordered)
    assert str(tmp_path / "cookies") in ordered


def test_an_order_that_the_hub_refuses_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LabStateError) as error:
        day_on(Machine({"/instructor/start": "403", "/instructor/": PAGE}), tmp_path).order("start", round="1")
    assert error.value.what == "the hub answered the instructor's order 'start' with 403"


def test_a_command_that_fails_says_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(LabctlError) as error:
        day_on(Machine({}, code=2), tmp_path).labctl("gameday", "status", "far")
    assert error.value.what == "labctl gameday status far failed: it is on fire"


def test_a_teams_state_and_place_are_what_the_commands_say(tmp_path: Path) -> None:
    teams = {"teams": [{"team": "blue", "incident": "paged"}]}
    machine = Machine({"status": json.dumps(teams), "labctl-far-blue": "host-2\n", "/t/blue/page": "200"})
    day = day_on(machine, tmp_path)
    day.await_state("blue", "paged", within_s=1)
    assert day.place("blue") == "host-2"
    assert day.room("blue")
    assert not day.room("green")
