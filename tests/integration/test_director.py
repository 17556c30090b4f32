"""Colleagues at work in a real lab: around an incident, and with their director killed in the middle of a step."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from labctl.base.waiting import wait_until
from labctl.catalogue import catalogue
from labctl.health import steady_state
from labctl.lab import fingerprint
from labctl.lab.lab import Lab
from labctl.operate import background, steps
from labctl.play import incidents
from labctl.play.director import opening
from labctl.play.director.around import components
from labctl.state.locking import locked
from labctl.state.script import Script
from tests.support.command_line import CommandLine
from tests.support.leaks import PLAYED
from tests.support.mending import mend

pytestmark = pytest.mark.lab

TICKS = os.sysconf("SC_CLK_TCK")
WATCHED_S = 20.0
BREAK_S = 45.0
FOLLOWS_S = 120.0


@pytest.fixture
def office(mended_lab: Lab) -> Iterator[Lab]:
    """The shared lab with colleagues in it."""
    steady_state.wait(mended_lab.metrics, mended_lab.rps)
    opening.open_office(mended_lab, colleagues=True)
    wait_until(lambda: background.running(mended_lab.name), what="the director", timeout=20)
    yield mended_lab
    opening.open_office(mended_lab, colleagues=False)


def script(lab: Lab) -> Script:
    found = lab.store.script.read()
    assert found is not None
    return found


def test_an_incident_lies_among_other_changes(office: Lab) -> None:
    assert CommandLine(office.name).run("break", PLAYED).returncode == 0
    incident = incidents.require_open(office)
    assert incident.page is not None
    paged, injected = incident.page.at, incident.injected_at
    feed = [each for each in office.store.changes.list(since=paged - 3600) if each.at <= paged]
    chain = components(catalogue.find(PLAYED))
    assert len(feed) >= 8
    assert sum(each.component in chain for each in feed) >= 2
    assert any(injected - 60 <= each.at < injected for each in feed)
    left = FOLLOWS_S - (time.time() - paged)
    wait_until(lambda: office.store.changes.list(since=paged), what="a change after the page", timeout=left)
    CommandLine(office.name).run("heal")
    assert office.store.undo_log.entries() == []
    assert all(each.at < injected or each.kind in ("job", "traffic") for each in office.store.changes.list())


def test_a_director_killed_in_a_step_is_started_again_and_makes_it_once(office: Lab) -> None:
    before = fingerprint.take(office)
    first = script(office).next
    with locked(office.name, "a test"):
        office.store.script.write(replace(script(office), due=0.0))
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
