"""Colleagues at work in a real lab, with their director killed in the middle of a step.

What they do around an incident is looked at where one is played among them: test_logbook.py.
"""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from labctl.base.waiting import wait_until
from labctl.catalogue import colleagues
from labctl.lab import fingerprint
from labctl.lab.lab import Lab
from labctl.model.colleague import ROLLS_OUT
from labctl.operate import background, steps
from labctl.play.director import choosing
from labctl.state.locking import locked
from labctl.state.script import Script
from tests.support.command_line import CommandLine
from tests.support.mending import mend

pytestmark = pytest.mark.lab

TICKS = os.sysconf("SC_CLK_TCK")
WATCHED_S = 20.0
MANY_STEPS = 100


def script(lab: Lab) -> Script:
    found = lab.store.script.read()
    assert found is not None
    return found


def _at_a_roll_out(lab: Lab) -> Script:
    """Return the script at its next step that replaces a container: one that takes seconds, and can be cut short."""
    now = script(lab)
    scene, usable = choosing.scene(lab, now), colleagues.usable()[0]
    for number in range(now.next, now.next + MANY_STEPS):
        ahead = replace(now, next=number)
        if next(each for each in choosing.order(ahead, usable) if scene.allows(each)).kind in ROLLS_OUT:
            return ahead
    pytest.fail(f"no roll-out is the first choice of any of {MANY_STEPS} steps")


def test_a_director_killed_in_a_step_is_started_again_and_makes_it_once(office: Lab) -> None:
    before = fingerprint.take(office)
    with locked(office.name, "a test"):
        ahead = _at_a_roll_out(office)
        first = ahead.next
        office.store.script.write(replace(ahead, due=0.0))
    wait_until(lambda: steps.cut_short(office), what="a step that has begun", timeout=30, interval=0.01)
    process = background.running(office.name)
    assert process is not None
    os.killpg(process.pid, signal.SIGKILL)
    CommandLine(office.name).run("topology")
    wait_until(lambda: script(office).next > first, what="the step", timeout=90)
    found = script(office)
    assert (found.next, found.under_way) == (first + 1, None)
    assert sorted(each.number for each in office.store.undo_log.entries()) == sorted(
        number for each in found.made for number in each.undo
    )
    mend(office)
    assert fingerprint.leftovers(office, before) == []


def test_with_nothing_to_do_it_costs_next_to_nothing(office: Lab) -> None:
    process = background.running(office.name)
    assert process is not None
    time.sleep(2)
    began = _ticks(process.pid)
    time.sleep(WATCHED_S)
    assert (_ticks(process.pid) - began) / TICKS / WATCHED_S < 0.01


def _ticks(pid: int) -> int:
    fields = (Path("/proc") / str(pid) / "stat").read_text("utf-8").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
