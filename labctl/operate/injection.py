"""Injecting and healing: each injected fault is recorded; healing undoes every change by the undo log alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from labctl.base import progress
from labctl.base.errors import HealError, LabctlError
from labctl.catalogue import own_folders
from labctl.images import workshop
from labctl.lab import undo
from labctl.lab.lab import Lab
from labctl.model.draw import Draw, usual
from labctl.model.fault import Fault
from labctl.operate import steps
from labctl.state import reserve
from labctl.state.change_feed import PASSING

FRESH = "`labctl down`, then `labctl up`, give a fresh lab"
_KIND = "injection"
_KEY = "active"
_HEALED = "healed"
"""The setting with the feed's newest entry of the time when the lab was last healed."""


def inject(lab: Lab, fault: Fault, draw: Draw | None = None) -> None:
    """Record the fault, then inject it: when the process is killed in between, the next command knows what to heal.

    Without a draw, what varies has its usual value. Raises HostError, with nothing changed, where the disk has no room
    to heal it again.
    """
    reserve.require()
    own_folders.remember(lab, fault)
    record = _Record([*dict.fromkeys([*injected(lab), fault.id])], feed_of(lab), lab.store.changes.last_id())
    _remember(lab, record)
    fault.break_lab(lab, draw or usual())
    _remember(lab, replace(record, feed=feed_of(lab), since=None))


@reserve.mending()
def heal(lab: Lab) -> int:
    """Undo every change in the lab and return how many faults had been injected; harmless when there is none.

    No fault's file is needed. Raises HealError when a change can't be undone; the faults then stay recorded.
    """
    recorded, told = injected(lab), feed_of(lab)
    try:
        undo.replay(lab)
    except LabctlError as error:
        raise _unhealed(error) from error
    _leave_behind(lab, told)
    _remember(lab, _Record())
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


def _leave_behind(lab: Lab, told: Sequence[int]) -> None:
    """Take out of the feed what was changed since the last time, and undone now: the next incident has its own changes.

    Jobs and announced traffic stay: they came and went. `told` are the entries of the faults, which go in any case.
    """
    known = lab.store.get(_HEALED) or {"last": 0}
    made = [each for each in lab.store.changes.list() if each.id > known["last"]]
    lab.store.changes.leave_behind(each.id for each in made if each.kind not in PASSING or each.id in told)
    keep_feed(lab)


def injected(lab: Lab) -> list[str]:
    """Return the ids of the faults that were injected and not healed, in order, each once."""
    return list(_recorded(lab).faults)


def feed_of(lab: Lab) -> list[int]:
    """Return the numbers of the feed's entries that injecting these faults left; nobody else adds any meanwhile."""
    record = _recorded(lab)
    newer = [] if record.since is None else [each.id for each in lab.store.changes.list() if each.id > record.since]
    return [*record.feed, *newer]


@dataclass(frozen=True)
class _Record:
    """The injected faults, and the feed's entries of them: `since` is the last one before an injection under way."""

    faults: Sequence[str] = ()
    feed: Sequence[int] = ()
    since: int | None = None


def _recorded(lab: Lab) -> _Record:
    return _Record(**(lab.store.documents.get(_KIND, _KEY) or {}))


def _remember(lab: Lab, record: _Record) -> None:
    lab.store.documents.put(_KIND, _KEY, asdict(record))


def _unhealed(error: LabctlError) -> HealError:
    return HealError(
        f"the lab could not be mended: {error.what}",
        expected=error.expected,
        todo="; ".join(filter(None, (error.todo, "try `labctl heal` again", FRESH))),
    )
