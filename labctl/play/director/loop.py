"""The director's loop: it waits, and now and then sees to one of its duties."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress

from labctl.base import paths
from labctl.base.errors import LabctlError
from labctl.base.waiting import pause
from labctl.operate import background
from labctl.play.director.duties import DUTIES, Duty
from labctl.state.store import LabStore

EVERY_S = 1.0


def run(name: str, duties: Sequence[Duty] = DUTIES) -> None:
    """See to the duties of a lab while it is there and has any; end at once where another director does."""
    store = LabStore(paths.lab_dir(name))
    with background.only_one(name) as alone:
        last: dict[str, float] = {}
        while alone and _wanted(store):
            for duty in duties:
                _see_to(duty, name, store, last)
            pause(EVERY_S)


def _wanted(store: LabStore) -> bool:
    if not store.exists:
        return False
    try:
        return background.DIRECTOR.wanted(store)
    except LabctlError:
        return store.exists  # busy, or the disk is full: asked again in a moment


def _see_to(duty: Duty, name: str, store: LabStore, last: dict[str, float]) -> None:
    now = time.monotonic()
    if now - last.get(duty.name, -duty.every_s) < duty.every_s:
        return
    last[duty.name] = now
    # What could not be done now is tried again: a lab may be on its way up, or another command at work.
    with suppress(LabctlError):
        if duty.due(store):
            duty.do(name)
