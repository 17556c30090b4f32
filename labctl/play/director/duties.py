"""The director's duties: each says when there is something to do, cheaply, and does it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import labctl
from labctl.state import attention
from labctl.state.locking import holder
from labctl.state.store import LabStore


@dataclass(frozen=True)
class Duty:
    """One duty: asked every so many seconds whether something is `due`, and then made to `do` it for a lab."""

    name: str
    every_s: float
    due: Callable[[LabStore], bool]
    """Asked all the time: it must cost next to nothing."""
    do: Callable[[str], None]
    """Given the lab's name. What needs much memory is better done in a process of its own."""


def step_due(store: LabStore) -> bool:
    """Whether a step of the script has to be made or ended now."""
    script = store.script.read()
    if script is None or not script.playing or store.operations.unfinished() or store.record.status != "running":
        return False  # nothing can be done before the command that is at work, or was interrupted, has ended
    moments = [script.due, *(each.until for each in script.made if each.until is not None)]
    return script.under_way is not None or min(moments) <= time.time()


def make_step(name: str) -> None:
    """Make what is due, in a process of its own, unless a command is at work in the lab: then a moment later."""
    _apart(name, "step")


def pause_lab(name: str) -> None:
    """Pause a lab that nobody uses, in a process of its own, unless a command is at work in it."""
    _apart(name, "pause")


def _apart(name: str, what: str) -> None:
    if holder(name) is None:
        command = [sys.executable, "-m", "labctl.play.director", name, what]
        subprocess.run(command, cwd=Path(labctl.__file__).parents[1], check=False)


DUTIES: tuple[Duty, ...] = (
    Duty("script", 2.0, step_due, make_step),
    Duty("pause", 60.0, attention.is_over, pause_lab),
)
