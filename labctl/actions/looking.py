"""What every look-up begins with."""

from __future__ import annotations

from labctl.lab.lab import Lab
from labctl.operate import upkeep


def look(name: str, command: str, **asked: object) -> Lab:
    """Write a look-up into a lab's journal, and return the lab. Raises NotFoundError with the nearest lab.

    A container that was restarted gets back what it lost of a change that is in force, before anybody looks at it.
    """
    lab = Lab.open(name)
    upkeep.keep(lab)
    lab.store.journal.looked_up(command, **asked)
    return lab
