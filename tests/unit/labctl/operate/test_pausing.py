from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from labctl.base.errors import EngineError, LabStateError
from labctl.health import baseline
from labctl.lab import freezing
from labctl.lab.lab import Lab
from labctl.operate import guard, injection, pausing
from labctl.state.script import Script, UnderWay
from tests.support.example_fault import breaking
from tests.support.fake_lab import FakeStack, frozen_in, make_container, make_lab


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    stack.containers = [make_container(each) for each in ("risk", "gateway")]
    return lab


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return frozen_in(monkeypatch)


def test_a_paused_lab_is_known_to_be_since_when_and_goes_on(lab: Lab, done: list[str]) -> None:
    began = time.time()
    assert pausing.pause(lab)
    assert (lab.paused, lab.record.status, done) == (True, "paused", ["freeze"])
    assert began <= pausing.since(lab) <= time.time()
    assert pausing.wake(lab)
    assert (lab.paused, lab.record.status, done) == (False, "running", ["freeze", "thaw"])


def test_what_was_measured_before_the_gap_is_no_baseline(lab: Lab, done: list[str]) -> None:
    pausing.pause(lab)
    assert not baseline.recovering(lab)
    pausing.wake(lab)
    assert baseline.recovering(lab)


def test_paused_again_it_is_paused_since_the_first_time(lab: Lab, done: list[str]) -> None:
    pausing.pause(lab)
    since = pausing.since(lab)
    assert not pausing.pause(lab)
    assert (pausing.since(lab), done) == (since, ["freeze", "freeze"])


def test_a_lab_that_runs_is_not_woken(lab: Lab, done: list[str]) -> None:
    assert not pausing.wake(lab)
    assert done == []


def inject(lab: Lab) -> None:
    injection.inject(lab, breaking())


def interrupt(lab: Lab) -> None:
    lab.store.operations.begin("break")


def cut_short(lab: Lab) -> None:
    lab.store.script.write(Script(1, under_way=UnderWay("x", 1.0, 0, 0, None, None)))


def starting(lab: Lab) -> None:
    lab.store.save(replace(lab.record, status="starting"))


@pytest.mark.parametrize("trouble", [inject, interrupt, cut_short, starting])
def test_a_lab_with_something_under_way_is_not_paused_and_says_what_to_do(
    lab: Lab, done: list[str], trouble: Callable[[Lab], None]
) -> None:
    trouble(lab)
    before = lab.record.status
    with pytest.raises(LabStateError) as caught:
        pausing.pause(lab)
    assert "labctl heal" in caught.value.todo or "labctl up" in caught.value.todo
    assert (lab.record.status, done) == (before, [])


@pytest.mark.parametrize("half", ["freeze", "thaw"])
def test_what_was_killed_half_way_counts_as_paused(
    lab: Lab, done: list[str], monkeypatch: pytest.MonkeyPatch, half: str
) -> None:
    if half == "thaw":
        pausing.pause(lab)

    def killed(_stack: FakeStack, *_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as now:
        now.setattr(freezing, half, killed)
        with pytest.raises(KeyboardInterrupt):
            pausing.pause(lab) if half == "freeze" else pausing.wake(lab)
    assert lab.paused
    assert pausing.wake(lab)
    assert lab.record.status == "running"


def test_an_engine_that_refuses_is_told_and_the_lab_stays_paused(
    lab: Lab, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pausing.pause(lab)

    def refuse(_stack: FakeStack, _seconds: float) -> None:
        raise EngineError("docker unpause failed")

    monkeypatch.setattr(freezing, "thaw", refuse)
    with pytest.raises(EngineError):
        pausing.wake(lab)
    assert lab.paused


def test_a_command_that_changes_the_lab_resumes_it_first(lab: Lab, done: list[str]) -> None:
    pausing.pause(lab)
    with guard.exclusive(lab, "heal"):
        assert done == ["freeze", "thaw"]
    assert lab.record.status == "running"


@pytest.mark.parametrize("look_up", ["prometheus", "traces", "logs"])
def test_nobody_waits_for_a_paused_labs_answer(lab: Lab, done: list[str], look_up: str) -> None:
    pausing.pause(lab)
    with pytest.raises(LabStateError, match="the lab 'lab' is paused") as caught:
        getattr(lab, look_up)
    assert caught.value.todo == "run `labctl resume`"
    pausing.wake(lab)
    assert getattr(lab, look_up)


def test_a_lab_without_a_record_is_not_paused() -> None:
    half_made = Lab("half-made")
    half_made.folder.mkdir(parents=True)
    half_made.store.prepare()
    assert not half_made.paused
    half_made.require_awake()
