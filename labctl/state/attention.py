"""When somebody last used a lab, and after how many minutes without that it is to be paused, if at all."""

from __future__ import annotations

import time

from labctl.state.store import RUNNING, LabStore

NOTED = "attention"
AFTER = "pause-after"
MINUTE_S = 60.0
EVERY_S = 30.0
"""Who keeps looking is noted no more often."""


def note(store: LabStore, now: float | None = None) -> None:
    """Note that somebody uses the lab at this moment; look-ups and commands are in its journal anyway."""
    now = time.time() if now is None else now
    before = _noted(store)
    if not before <= now < before + EVERY_S:
        store.set(NOTED, {"at": now})


def last(store: LabStore) -> float:
    """Return when somebody last used the lab, in epoch seconds; 0 for never."""
    return max(_noted(store), store.journal.last_at())


def minutes(store: LabStore) -> int | None:
    """Return after how many minutes the lab is to be paused; None for never."""
    known = store.get(AFTER)
    return int(known["minutes"]) if known and known["minutes"] else None


def choose(store: LabStore, after: int) -> None:
    """Let the lab be paused after so many minutes; 0 for never."""
    store.set(AFTER, {"minutes": after})


def is_over(store: LabStore) -> bool:
    """Whether the lab runs, and nobody has used it for so long that it is to be paused."""
    after = minutes(store)
    if after is None or store.record.status != RUNNING or store.operations.unfinished():
        return False
    return time.time() - last(store) > after * MINUTE_S


def _noted(store: LabStore) -> float:
    return float((store.get(NOTED) or {"at": 0.0})["at"])
