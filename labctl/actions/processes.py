"""Processes that outlive the command that starts them: those of labs, and those of a game day.

Of a game day there are two, the hub and its keeper. The keeper starts again whatever was killed, the hub the keeper.
"""

from __future__ import annotations

from labctl.base import paths
from labctl.base.waiting import wait_until
from labctl.operate import background
from labctl.operate.background import Kind, only_one
from labctl.state.store import LabStore

__all__ = ["HUB", "KEEPER", "Kind", "end", "ensure", "keep_lab", "only_one", "runs"]

HUB = Kind("hub", "labctl.gameday", lambda _store: False)
KEEPER = Kind("keeper", "labctl.gameday.keeper", lambda _store: False)
END_S = 20.0


def ensure(name: str, kind: Kind) -> bool:
    """Start a process where it does not run; return whether that was so."""
    missing = background.running(name, kind) is None
    if missing:
        background.start(name, kind)
    return missing


def runs(name: str, kind: Kind) -> bool:
    """Whether a process runs."""
    return background.running(name, kind) is not None


def end(name: str, kind: Kind) -> None:
    """End a process, and wait until it is gone; harmless when none runs. Raises WaitTimeoutError."""

    def gone() -> bool:
        background.stop(name, kind)
        return not runs(name, kind)

    wait_until(gone, what=f"the end of the {kind.name}", timeout=END_S)


def keep_lab(name: str) -> None:
    """Start again what a lab wants and was killed: its room, its director, its errand; harmless without such a lab."""
    background.keep(name, LabStore(paths.lab_dir(name)))
