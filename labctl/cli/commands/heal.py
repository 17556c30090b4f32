"""`labctl heal`: everything that was broken on purpose is mended."""

from __future__ import annotations

from typing import Any

from labctl.base import progress
from labctl.base.errors import HealError, LabStateError, LookupFailedError, WaitTimeoutError
from labctl.base.names import DEFAULT_NAME
from labctl.catalogue import origins
from labctl.cli import console
from labctl.cli.options import CatalogueOption, JsonOption, NameOption
from labctl.health import steady_state
from labctl.health.steady_state import Reading
from labctl.lab.lab import Lab
from labctl.operate import guard, injection
from labctl.play import incidents


def heal(name: NameOption = DEFAULT_NAME, folder: CatalogueOption = None, as_json: JsonOption = False) -> None:
    """Mend what labctl broke and wait until the lab is healthy; an open incident ends. Harmless when all is well."""
    lab = Lab.open(name)
    origins.repoint(lab.store.documents, folder)
    with guard.exclusive(lab, "heal") as left:
        incidents.reconcile(lab)
        ended = incidents.give_up(lab)
        if ended is None:
            incidents.keep_curves(lab)
        healed = left.faults + _heal(lab)
        readings = _steady(lab) if healed or left.interrupted else _now(lab)
    answer = {
        "healed": healed,
        "given_up": ended.id if ended else None,
        "healthy": bool(readings) and not steady_state.sick(readings),
    }
    console.emit(answer, lambda: _show(lab, answer, readings), as_json=as_json)


def _heal(lab: Lab) -> int:
    if not (injection.injected(lab) or lab.store.undo_log.entries()):
        return 0
    with progress.step("healing"):
        return injection.heal(lab)


def _steady(lab: Lab) -> list[Reading]:
    try:
        with progress.step("waiting for the steady state") as step:
            return steady_state.wait(lab.metrics, lab.rps, progress=step.update)
    except WaitTimeoutError as error:
        raise HealError(
            f"what was broken is mended, but the lab is not healthy: {error.expected}",
            expected="the steady state",
            todo=f"see `labctl status{lab.flag}`; for a fresh lab: labctl down{lab.flag}, then labctl up{lab.flag}",
        ) from error


def _now(lab: Lab) -> list[Reading]:
    try:
        return steady_state.check(lab.metrics, lab.rps)
    except (LabStateError, LookupFailedError) as error:
        console.warn(error.what)
        return []


def _show(lab: Lab, answer: dict[str, Any], readings: list[Reading]) -> None:
    if answer["given_up"]:
        console.show(
            f"The incident {answer['given_up']} was open: it is given up. Read about it: labctl debrief{lab.flag}"
        )
    if answer["healed"]:
        console.show("The lab is healed and in its steady state.")
        return
    console.show("Nothing to heal: labctl broke nothing here, or it is mended already.")
    for each in steady_state.sick(readings):
        console.show(f"  not as it should be: {each}")
    if not answer["healthy"]:
        console.show(f"Next: labctl up{lab.flag} starts what is missing")
