"""Upkeep of injected changes: a container that was replaced or restarted has lost its CPU limit or its packet loss."""

from __future__ import annotations

from contextlib import suppress

from labctl.base.errors import LabctlError
from labctl.lab import undo
from labctl.lab.lab import Lab
from labctl.state.locking import locked


def keep(lab: Lab) -> None:
    """Make the changes again that a new or restarted container lost, unless another command holds the lab.

    Errors are ignored: the look-up that called this must not fail, and the next look-up tries again.
    """
    with suppress(LabctlError):
        if undo.lost(lab):
            with locked(lab.name, "upkeep", patient=False):
                undo.reapply(lab)
