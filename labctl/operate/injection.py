"""Injecting and healing: each injected fault is recorded; healing undoes every change by the undo log alone."""

from __future__ import annotations

from labctl.base import progress
from labctl.base.errors import HealError, LabctlError
from labctl.catalogue import own_folders
from labctl.images import workshop
from labctl.lab import undo
from labctl.lab.lab import Lab
from labctl.model.fault import Fault
from labctl.operate import steps
from labctl.state import reserve
from labctl.state.change_feed import PASSING

FRESH = "`labctl down`, then `labctl up`, give a fresh lab"
_KIND = "injection"
_KEY = "active"
_HEALED = "healed"
"""The setting with the feed's newest entry of the time when the lab was last healed."""


def inject(lab: Lab, fault: Fault) -> None:
    """Record the fault, then inject it: when the process is killed in between, the next command knows what to heal.

    Raises HostError, with nothing changed, where the disk has no room to heal it again.
    """
    reserve.require()
    own_folders.remember(lab, fault)
    _remember(lab, [*injected(lab), fault.id])
    fault.inject(lab)


@reserve.mending()
def heal(lab: Lab) -> int:
    """Undo every change in the lab and return how many faults had been injected; harmless when there is none.

    No fault's file is needed. Raises HealError when a change can't be undone; the faults then stay recorded.
    """
    recorded = injected(lab)
    try:
        undo.replay(lab)
    except LabctlError as error:
        raise _unhealed(error) from error
    _remember(lab, [])
    _leave_behind(lab)
    steps.forget(lab)
    tidy(lab)
    return len(recorded)


def tidy(lab: Lab) -> None:
    """Remove what releases left on the host; the lab is healed whether that works or not."""
    try:
        workshop.sweep()
        lab.releases.tidy()
    except LabctlError as error:
        progress.warn(f"an image that is not needed any more is still there: {error.what}")


def keep_feed(lab: Lab) -> None:
    """Let everything that the feed shows now stay in it: nothing of it is in force as a change to be undone."""
    lab.store.set(_HEALED, {"last": lab.store.changes.last_id()})


def _leave_behind(lab: Lab) -> None:
    """Take out of the feed what was changed since the last time, and undone now: the next incident has its own changes.

    Jobs and announced traffic stay: they came and went.
    """
    known = lab.store.get(_HEALED) or {"last": 0}
    made = [each for each in lab.store.changes.list() if each.id > known["last"]]
    lab.store.changes.leave_behind(each.id for each in made if each.kind not in PASSING)
    keep_feed(lab)


def injected(lab: Lab) -> list[str]:
    """Return the ids of the faults that were injected and not healed, in order, each once."""
    document = lab.store.documents.get(_KIND, _KEY) or {"faults": []}
    return list(document["faults"])


def _remember(lab: Lab, faults: list[str]) -> None:
    lab.store.documents.put(_KIND, _KEY, {"faults": list(dict.fromkeys(faults))})


def _unhealed(error: LabctlError) -> HealError:
    return HealError(
        f"the lab could not be mended: {error.what}",
        expected=error.expected,
        todo="; ".join(filter(None, (error.todo, "try `labctl heal` again", FRESH))),
    )
