"""Mending a real lab without waiting until it has recovered, which `labctl heal` does."""

from __future__ import annotations

from labctl.lab.lab import Lab
from labctl.operate import guard, injection
from labctl.state.locking import locked


def mend(lab: Lab) -> None:
    """Take back whatever is injected, and what killed commands left."""
    with locked(lab.name, "a test"):
        guard.recover(lab)
        injection.heal(lab)
