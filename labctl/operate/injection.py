"""Injecting and healing with a record kept of it: what was injected can be healed, whatever happens in between."""

from __future__ import annotations

from labctl.base.errors import HealError, LabctlError
from labctl.catalogue import origins
from labctl.lab.lab import Lab
from labctl.model.fault import Fault

FRESH = "`labctl down`, then `labctl up`, give a fresh lab"
_KIND = "injection"
_KEY = "active"


def inject(lab: Lab, fault: Fault) -> None:
    """Inject a fault; recorded first, so that a process killed in the middle leaves something to heal by."""
    origins.remember(lab, fault)
    _remember(lab, [*injected(lab), fault.id])
    fault.inject(lab)


def heal(lab: Lab, fault: Fault) -> None:
    """Heal a fault, injected or not. Raises HealError, with the record kept, when it can't be healed."""
    try:
        fault.heal(lab)
    except LabctlError as error:
        raise _unhealed(error) from error
    _remember(lab, [each for each in injected(lab) if each != fault.id])


def heal_all(lab: Lab) -> int:
    """Heal everything that was injected and return how many faults that were; harmless when there are none."""
    recorded = injected(lab)
    try:
        faults = [origins.recall(lab.store.documents, each) for each in reversed(recorded)]
    except LabctlError as error:
        raise _unhealed(error) from error
    for fault in faults:
        heal(lab, fault)
    return len(recorded)


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
