from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from labctl.base.errors import LabStateError
from labctl.lab.lab import Lab
from labctl.operate import background
from labctl.play.director import loop
from labctl.play.director.duties import Duty
from labctl.state.script import Script
from labctl.state.store import LabStore


def ends_after(lab: Lab, rounds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Send the colleagues home after so many rounds."""
    waited: list[float] = []

    def pause(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == rounds:
            lab.store.script.write(Script(7, playing=False))

    monkeypatch.setattr(loop, "pause", pause)


def duty(done: list[str], due: Callable[[LabStore], bool] = lambda _: True, name: str = "a") -> Duty:
    return Duty(name, 0.0, due, done.append)


def test_it_sees_to_each_duty_until_nobody_works_any_more(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    ends_after(lab, 3, monkeypatch)
    done: list[str] = []
    loop.run("lab", [duty(done), duty(done, lambda _: False, "b")])
    assert done == ["lab"] * 3


def test_a_duty_that_can_not_be_done_now_keeps_it_from_no_other(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    ends_after(lab, 2, monkeypatch)
    done: list[str] = []

    def busy(_store: LabStore) -> bool:
        raise LabStateError("the lab is in use")

    loop.run("lab", [duty([], busy), duty(done, name="b")])
    assert len(done) == 2


def test_a_duty_has_its_turn_after_its_time(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    ends_after(lab, 3, monkeypatch)
    done: list[str] = []
    loop.run("lab", [replace(duty(done), every_s=60.0)])
    assert len(done) == 1


def test_of_two_one_ends_at_once(lab: Lab) -> None:
    done: list[str] = []
    with background.only_one("lab"):
        loop.run("lab", [duty(done)])
    assert done == []


def test_it_ends_with_its_lab(state_dir: object) -> None:
    loop.run("gone")
