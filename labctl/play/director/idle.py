"""Pauses a lab that nobody has used for as long as `up --pause-after` said."""

from __future__ import annotations

from labctl.lab.lab import Lab
from labctl.operate import pausing
from labctl.play import stored
from labctl.state import attention
from labctl.state.locking import locked


def pause(name: str) -> None:
    """Pause the lab, unless somebody has used it meanwhile. Raises LabctlError where it is in use, or broken."""
    lab = Lab.open(name)
    with locked(name, "pause", patient=False):
        if attention.is_over(lab.store):
            stored.require_none(lab)
            pausing.pause(lab)
