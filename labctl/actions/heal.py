"""Healing a lab: every injected change is undone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from labctl.actions.answer import Answer
from labctl.actions.parts import Reading, readings
from labctl.base import progress
from labctl.base.errors import HealError, HostError, LabctlError, WaitTimeoutError
from labctl.catalogue import own_folders
from labctl.health import steady_state
from labctl.lab.lab import Lab
from labctl.model.incident import Incident
from labctl.operate import background, guard, injection
from labctl.play import incidents, mitigations
from labctl.play.director import opening
from labctl.state import reserve


@dataclass(frozen=True)
class Heal(Answer):
    """The lab after healing."""

    schema: ClassVar[str] = "labctl.heal/1"
    healed: int
    """How many injected faults were healed."""
    given_up: str | None
    """The incident that was still open, and that healing ended; null without one."""
    healthy: bool
    steady_state: tuple[Reading, ...]


@reserve.mending()
def heal(name: str, folder: Path | None = None) -> Heal:
    """Undo every change, whoever made it, and return when the lab is healthy; an open incident ends.

    `folder` is where a user's own faults are now, for the debrief. Raises HealError when a change can't be undone.
    """
    lab = Lab.open(name)
    own_folders.repoint(lab.store.documents, folder)
    with guard.exclusive(lab, "heal") as left:
        ended = _end_incident(lab)
        healed = left.faults + _healed(lab)
        found = _steady(lab) if healed or left.interrupted else _calm(lab)
        opening.after_healing(lab)
    background.ensure(lab)
    healthy = bool(found) and not steady_state.sick(found)
    return Heal(healed, ended.id if ended else None, healthy, readings(found))


def _end_incident(lab: Lab) -> Incident | None:
    """End the open incident and return it. What the host does not let us write must not keep the lab broken."""
    try:
        incidents.reconcile(lab)
        mitigations.keep_service_level(lab)
        ended = incidents.give_up(lab)
        if ended is None:
            incidents.keep_curves(lab)
    except HostError as error:
        progress.warn(f"the incident could not be recorded as ended: {error.what}")
        return None
    return ended


def _healed(lab: Lab) -> int:
    if not (injection.injected(lab) or lab.store.undo_log.entries()):
        injection.tidy(lab)  # a command may have been killed after it had built something, and before it changed it
        return 0
    with progress.step("healing"):
        return injection.heal(lab)


def _steady(lab: Lab) -> list[steady_state.Reading]:
    try:
        with progress.step("waiting for the steady state") as step:
            return steady_state.wait(lab.metrics, lab.rps, progress=step.update)
    except WaitTimeoutError as error:
        raise HealError(
            f"what was broken is mended, but the lab is not healthy: {error.expected}",
            expected="the steady state",
            todo=f"see `labctl status{lab.option}`; for a fresh one: labctl down{lab.option}, labctl up{lab.option}",
        ) from error


def _calm(lab: Lab) -> list[steady_state.Reading]:
    """Return the readings of a lab in which nothing was left to heal, when they hold, or the last that did not.

    What was healed a moment ago, or mended by hand, may still page: that is waited for. A stopped container is not.
    """
    try:
        found = steady_state.check(lab.metrics, lab.rps)
        if not steady_state.sick(found) or not all(each.running for each in lab.stack.ps()):
            return found
        with progress.step("nothing to heal, waiting for the steady state") as step:
            return steady_state.wait(lab.metrics, lab.rps, progress=step.update)
    except WaitTimeoutError:
        return steady_state.check(lab.metrics, lab.rps)
    except LabctlError as error:
        progress.warn(error.what)
        return []
