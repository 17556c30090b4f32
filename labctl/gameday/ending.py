"""`labctl gameday down`: everything exported, then removed. Killed at any step, the next one goes on."""

from __future__ import annotations

from pathlib import Path

from labctl.actions import processes
from labctl.actions.down import down
from labctl.base import progress
from labctl.base.errors import LabctlError
from labctl.gameday import placing, status
from labctl.gameday.answers import Ended
from labctl.gameday.exporting import export
from labctl.gameday.launch import alone
from labctl.gameday.model import SWARM, DayState
from labctl.gameday.store import DayStore


def end(name: str, folder: Path | None = None) -> Ended:
    """Export a game day, then remove its hub, its rooms and its labs; harmless twice.

    Where the export fails, nothing is removed, and the game day goes on.
    """
    with alone(name):
        store = DayStore(name)
        if not store.exists:
            return Ended(name, removed=False, labs=(), exported=None)
        where = _exported(store, folder)
        with progress.step("ending the hub"):
            processes.end(name, processes.KEEPER)
            processes.end(name, processes.HUB)
        labs = tuple(each.name for each in store.labs.all())
        plan = status.plan_of(store) if labs else None
        if plan and plan.hosts == SWARM:
            placing.end(store, plan)
        else:
            for each in labs:
                down(each)
        store.remove()
    return Ended(name, removed=True, labs=labs, exported=where)


def _exported(store: DayStore, folder: Path | None) -> Path:
    """Return where the game day was exported to, before anything of it was removed."""
    known = store.get("exported")
    if store.state is DayState.ENDING and known and Path(known["folder"]).is_dir():
        return Path(known["folder"])
    before = store.state
    store.become(DayState.ENDING)  # nothing that was killed comes back from now on
    try:
        where = export(store, folder).folder
        store.set("exported", {"folder": str(where)})
    except LabctlError:
        store.become(before)
        raise
    return where
