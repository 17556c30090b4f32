"""python -m labctl.gameday.keeper NAME: start again what was killed of a game day: its hub, and what its labs want."""

from __future__ import annotations

import sys
from contextlib import suppress

from labctl.actions import processes
from labctl.base.errors import LabctlError
from labctl.base.waiting import pause
from labctl.gameday import placing, status
from labctl.gameday.model import SWARM, DayState
from labctl.gameday.store import DayStore

EVERY_S = 1.0


def main(name: str) -> None:
    """Keep a game day until it is over; end at once where another process does."""
    with processes.only_one(name, processes.KEEPER) as alone:
        store = DayStore(name)
        while alone and wanted(store):
            keep(store)
            pause(EVERY_S)


def wanted(store: DayStore) -> bool:
    """Whether the game day goes on."""
    with suppress(LabctlError):
        return store.exists and store.state is DayState.RUNNING
    return store.exists  # busy, or the disk is full: asked again in a moment


def keep(store: DayStore) -> None:
    """Start again what was killed."""
    with suppress(LabctlError, OSError):
        processes.ensure(store.name, processes.HUB)
        plan = status.plan_of(store)
        if plan.hosts == SWARM:
            placing.keep(store, plan)
            placing.clear(store, plan)
            return
        for each in store.labs.all():
            if each.ready:
                processes.keep_lab(each.name)


if __name__ == "__main__":
    main(sys.argv[1])
