from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace

import pytest

from labctl.lab.lab import Lab
from labctl.play.director import duties
from labctl.state.locking import locked
from labctl.state.script import Made, Script, UnderWay

MADE = Made(3, "a-change", "flag", "risk", 1.0, 2.0, None, (4, 5), (6,))
LATER = time.time() + 3600


@pytest.mark.parametrize(
    ("script", "due"),
    [
        (Script(7, due=LATER), False),
        (Script(7, due=1.0), True),
        (Script(7, due=1.0, playing=False), False),
        (Script(7, due=LATER, made=(replace(MADE, until=1.0),)), True),
        (Script(7, due=LATER, made=(replace(MADE, until=LATER), MADE)), False),
        (Script(7, due=LATER, under_way=UnderWay("a", 1.0, 0, 0)), True),
    ],
)
def test_a_step_is_due_when_its_time_has_come_or_one_was_cut_short(lab: Lab, script: Script, due: bool) -> None:
    lab.store.script.write(script)
    assert duties.step_due(lab.store) is due


def test_nothing_is_due_while_a_command_is_at_work_or_the_lab_does_not_run(lab: Lab) -> None:
    lab.store.script.write(Script(7, due=1.0))
    assert duties.step_due(lab.store)
    operation = lab.store.operations.begin("break")
    assert not duties.step_due(lab.store)
    lab.store.operations.end(operation, "done")
    assert duties.step_due(lab.store)
    lab.store.save(replace(lab.record, status="starting"))
    assert not duties.step_due(lab.store)


def test_a_lab_is_paused_in_a_process_of_its_own_unless_a_command_is_at_work(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(subprocess, "run", lambda command, **_: ran.append(command))
    with locked("lab", "verify"):
        duties.pause_lab("lab")
    assert ran == []
    duties.pause_lab("lab")
    assert ran == [[sys.executable, "-m", "labctl.play.director", "lab", "pause"]]


def test_it_is_made_in_a_process_of_its_own_unless_a_command_is_at_work(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(subprocess, "run", lambda command, **_: ran.append(command))
    with locked("lab", "verify"):
        duties.make_step("lab")
    assert ran == []
    duties.make_step("lab")
    assert ran == [[sys.executable, "-m", "labctl.play.director", "lab", "step"]]


def test_waiting_loads_neither_docker_nor_a_client_of_telemetry() -> None:
    code = "import labctl.play.director.loop, sys; print(*(n for n in ('docker', 'httpx', 'rich') if n in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
