"""Pausing a lab that nobody uses now, and resuming it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from labctl.actions.answer import Answer, moment
from labctl.actions.parts import Reading, readings
from labctl.base import progress
from labctl.health import steady_state
from labctl.lab.lab import Lab
from labctl.operate import pausing
from labctl.play import incidents
from labctl.play.director import opening
from labctl.state.locking import locked


@dataclass(frozen=True)
class Paused(Answer):
    """A lab that is paused."""

    schema: ClassVar[str] = "labctl.pause/1"
    name: str
    paused: bool
    """Whether it had to be paused: false for one that was."""
    since: datetime


@dataclass(frozen=True)
class Resumed(Answer):
    """A lab that runs again."""

    schema: ClassVar[str] = "labctl.resume/1"
    name: str
    resumed: bool
    """Whether it was paused."""
    seconds: float
    steady_state: tuple[Reading, ...]


def pause(name: str) -> Paused:
    """Pause a lab. Raises NotFoundError, LabStateError while an incident is open or the lab is broken, EngineError."""
    lab = Lab.open(name)
    with locked(name, "pause"):
        if not lab.paused:
            incidents.require_none(lab)
        with progress.step(f"pausing the lab '{name}'"):
            done = pausing.pause(lab)
    return Paused(name, done, moment(pausing.since(lab)))


def resume(name: str) -> Resumed:
    """Resume a lab, and return when it is healthy. Raises NotFoundError, EngineError, WaitTimeoutError."""
    lab = Lab.open(name)
    began = time.monotonic()
    with locked(name, "resume"):
        done = pausing.wake(lab)
        found = _steady(lab) if done else steady_state.check(lab.metrics, lab.rps)
    opening.open_office(lab)
    return Resumed(name, done, round(time.monotonic() - began, 1), readings(found))


def _steady(lab: Lab) -> list[steady_state.Reading]:
    with progress.step("waiting for the steady state") as step:
        return steady_state.wait(lab.metrics, lab.rps, progress=step.update)
