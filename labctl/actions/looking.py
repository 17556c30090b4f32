"""The start of every look-up: open the lab, keep its changes up, write the journal."""

from __future__ import annotations

from labctl.lab.lab import Lab
from labctl.operate import upkeep


def look(name: str, command: str, **asked: object) -> Lab:
    """Open the lab and record the look-up in its journal. Raises NotFoundError with the nearest lab.

    A container that was restarted gets back what it lost of a change that is in force, before anybody looks at it.
    """
    lab = Lab.open(name)
    upkeep.keep(lab)
    lab.store.journal.looked_up(command, **asked)
    return lab
