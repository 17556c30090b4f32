"""Upkeep of what was changed: a container that was replaced or restarted knows nothing of a limit or a lost packet."""

from __future__ import annotations

from contextlib import suppress

from labctl.base.errors import LabctlError
from labctl.lab import undo
from labctl.lab.lab import Lab
from labctl.state.locking import locked


def keep(lab: Lab) -> None:
    """Put back what a new or restarted container lost, unless another command holds the lab.

    Whoever only looks is not to fail by it: what can't be put back now is tried again at the next look.
    """
    with suppress(LabctlError):
        if undo.lost(lab):
            with locked(lab.name, "upkeep"):
                undo.reapply(lab)
