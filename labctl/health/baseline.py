"""The healthy window that a fault's effects are compared with: long enough to measure, and past the last change."""

from __future__ import annotations

import time

from labctl.base.waiting import pause
from labctl.health import steady_state
from labctl.lab.lab import Lab
from labctl.model.measurement import Window

LOOK_BACK_S = 20.0
"""No probe looks back further: in a window that begins so long after a change, no probe sees the change."""
NEWEST_START = "max(container_start_time_seconds)"
RAMP_S = 3.0
"""Seconds that the load needs after its start to reach its rate."""
MIN_S = 10.0
MAX_S = 30.0


def recovering(lab: Lab) -> bool:
    """Whether the lab was changed or healed so lately that an alert may still be firing for it."""
    return time.time() - lab.store.touched_at < steady_state.TIMEOUT_S


def settled(lab: Lab, *, patience: float = steady_state.PATIENCE_S) -> Window:
    """Wait for enough healthy seconds, and return the window of them up to now.

    Raises SickLabError when the lab is not in its steady state for `patience` seconds.
    """
    steady_state.require(lab.metrics, lab.rps, patience=patience)
    back = look_back_s(lab)
    missing = MIN_S - _length(window(last_touched(lab), time.time(), back))
    if missing > 0:
        pause(missing)
        steady_state.require(lab.metrics, lab.rps, patience=patience)
    return window(last_touched(lab), time.time(), back)


def look_back_s(lab: Lab) -> float:
    """Return how many seconds any probe looks back: in fog, its windows are wider and their last point is older."""
    cadence = lab.fog_file.cadence
    return max(LOOK_BACK_S, cadence.least_window_s + cadence.every_s)


def window(touched: float, now: float, back: float = LOOK_BACK_S) -> Window:
    """Return at most MAX_S seconds until `now`, in which no probe sees a change at `touched` (epoch seconds).

    No probe looks back further than `back` seconds.
    """
    return Window(max(now - MAX_S, touched + back), now)


def last_touched(lab: Lab) -> float:
    """Return when the lab last changed or a container of it (the load's included) last started, in epoch seconds."""
    changes = lab.store.changes.list(since=time.time() - look_back_s(lab) - MAX_S)
    started = lab.metrics.scalar(NEWEST_START) or lab.record.created_at
    return max([started + RAMP_S, lab.store.touched_at, *(change.at for change in changes)])


def _length(span: Window) -> float:
    return span.end - span.start
