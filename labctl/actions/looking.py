"""What every look-up begins with."""

from __future__ import annotations

from labctl.lab.lab import Lab
from labctl.operate import upkeep


def look(name: str, command: str, **asked: object) -> Lab:
    """Return the lab, with the look-up in its journal. Raises NotFoundError with the nearest lab."""
    lab = Lab.open(name)
    upkeep.keep(lab)
    lab.store.journal.looked_up(command, **asked)
    return lab
