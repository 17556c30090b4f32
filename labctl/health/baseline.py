"""The healthy window that a fault's effects are compared with: long enough to measure, and past the last change."""

from __future__ import annotations

import time

from labctl.base.waiting import pause
from labctl.health import steady_state
from labctl.lab.lab import Lab
from labctl.model.measurement import Window
from labctl.state.script import Made

LOOK_BACK_S = 20.0
"""No probe looks back further: in a window that begins so long after a change, no probe sees the change."""
STARTS = "container_start_time_seconds"
NEWEST_START = f"max({STARTS})"
RAMP_S = 3.0
"""Seconds that the load needs after its start to reach its rate."""
MIN_S = 10.0
MAX_S = 30.0


def recovering(lab: Lab) -> bool:
    """Whether the lab was changed or healed so lately that an alert may still be firing for it."""
    return time.time() - lab.store.touched_at < steady_state.TIMEOUT_S


def settled(lab: Lab, *, patience: float = steady_state.PATIENCE_S, fog: str | None = None) -> Window:
    """Wait for enough healthy seconds, and return the window of them up to now.

    With `fog`, it can be measured at that level, at which probes look back further; else at the level in force.

    Raises SickLabError when the lab is not in its steady state for `patience` seconds.
    """
    steady_state.require(lab.metrics, lab.rps, patience=patience)
    back = look_back_s(lab, fog)
    missing = MIN_S - _length(window(last_touched(lab, back), time.time(), back))
    if missing > 0:
        pause(missing)
        steady_state.require(lab.metrics, lab.rps, patience=patience)
    return window(last_touched(lab, back), time.time(), back)


def look_back_s(lab: Lab, fog: str | None = None) -> float:
    """Return how many seconds any probe looks back: in fog, its windows are wider and their last point is older."""
    cadence = lab.fog_file.cadence if fog is None else lab.fog_file.cadence_of(fog)
    return max(LOOK_BACK_S, cadence.least_window_s + cadence.every_s)


def window(touched: float, now: float, back: float = LOOK_BACK_S) -> Window:
    """Return at most MAX_S seconds until `now`, in which no probe sees a change at `touched` (epoch seconds).

    No probe looks back further than `back` seconds.
    """
    return Window(max(now - MAX_S, touched + back), now)


def last_touched(lab: Lab, back: float | None = None) -> float:
    """Return when the lab last changed or a container of it (the load's included) last started, in epoch seconds.

    Changes count that a probe which looks back `back` seconds could still see; by default, as at the level in force.
    """
    harmless = _harmless(lab)
    ids = {each for step in harmless for each in step.feed}
    seen_s = MAX_S + (look_back_s(lab) if back is None else back)
    changes = lab.store.changes.list(since=time.time() - seen_s, past=True)
    touches = [change.at for change in changes if change.id not in ids]
    return max([_started(lab, harmless) + RAMP_S, lab.store.touched_at, *touches])


def _harmless(lab: Lab) -> tuple[Made, ...]:
    """Return the colleagues' changes in force: nobody feels them, so that there is nothing to wait for."""
    script = lab.store.script.read()
    return script.made if script else ()


def _started(lab: Lab, harmless: tuple[Made, ...]) -> float:
    """Return when the newest container started, but for those that harmless roll-outs made."""
    newest = lab.metrics.scalar(NEWEST_START) or lab.record.created_at
    if not any(_made_by(step, newest) for step in harmless):
        return newest
    starts = [each.value for each in lab.metrics.query(STARTS)]
    own = [start for start in starts if not any(_made_by(step, start) for step in harmless)]
    return max(own, default=lab.record.created_at)


def _made_by(step: Made, start: float) -> bool:
    return step.began - 1 <= start <= step.ended + 1


def _length(span: Window) -> float:
    return span.end - span.start
