"""The start of every look-up: open the lab, keep its changes up, write the journal."""

from __future__ import annotations

from labctl.base import progress
from labctl.base.errors import HostError
from labctl.lab.lab import Lab
from labctl.operate import background, upkeep


def look(name: str, command: str, **asked: object) -> Lab:
    """Open the lab and record the look-up in its journal. Raises NotFoundError with the nearest lab.

    A container that was restarted gets back what it lost of a change that is in force, before anybody looks at it.
    """
    lab = Lab.open(name)
    upkeep.keep(lab)
    background.ensure(lab)
    record_look(lab, command, **asked)
    return lab


def record_look(lab: Lab, command: str, **asked: object) -> None:
    """Record a look-up in the lab's journal; what the host does not let us write is said, and the look-up goes on."""
    try:
        lab.store.journal.looked_up(command, **asked)
    except HostError as error:
        progress.warn(f"this look-up is not in the lab's journal: {error.what}")
