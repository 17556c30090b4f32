"""Pausing a lab: it keeps everything, uses no CPU, and goes on within seconds.

That a lab is paused is written down before the first container is frozen, and that it runs when the last one is not:
a lab whose pausing or resuming was killed half-way counts as paused, and resuming it does what is left to do.
"""

from __future__ import annotations

import time
from dataclasses import replace

from labctl.base import progress
from labctl.base.errors import LabStateError
from labctl.lab import freezing
from labctl.lab.lab import Lab
from labctl.operate import injection, steps
from labctl.state import attention
from labctl.state.store import PAUSED, RUNNING

SINCE = "paused"
"""The store's setting that says since when a lab is paused."""


def pause(lab: Lab) -> bool:
    """Pause a lab, for a caller that holds it; return whether it was awake. Raises LabStateError, EngineError."""
    was = lab.record.status
    if was != PAUSED:
        _require_quiet(lab)
        lab.store.set(SINCE, {"at": time.time()})
        lab.store.save(replace(lab.record, status=PAUSED))
    freezing.freeze(lab.stack)
    return was != PAUSED


def wake(lab: Lab) -> bool:
    """Let a paused lab go on, for a caller that holds it; return whether it was paused.

    The lab serves then; its telemetry has a gap, so that its steady state takes a few seconds to be seen.
    """
    if not lab.paused:
        return False
    with progress.step(f"resuming the lab '{lab.name}'"):
        freezing.thaw(lab.stack, time.time() - since(lab))
    attention.note(lab.store)
    lab.store.touch()  # nothing of before, and of the gap, counts as healthy figures
    lab.store.save(replace(lab.record, status=RUNNING))
    return True


def since(lab: Lab) -> float:
    """Return since when a paused lab is paused, in epoch seconds."""
    known = lab.store.get(SINCE)
    return float(known["at"]) if known else time.time()


def _require_quiet(lab: Lab) -> None:
    """Raise LabStateError for a lab in which something is under way that a pause would falsify, or that is not up."""
    todo = f"run `labctl heal{lab.option}` first"
    if lab.store.operations.unfinished() or steps.cut_short(lab):
        raise LabStateError("a command was interrupted in the lab", expected="a lab at rest", todo=todo)
    if injection.injected(lab):
        raise LabStateError("the lab is broken: a fault is injected", expected="a healed lab", todo=todo)
    if lab.record.status != RUNNING:
        todo = f"run `labctl up{lab.option}` first"
        raise LabStateError(f"the lab '{lab.name}' does not run", expected="a lab that is up", todo=todo)
