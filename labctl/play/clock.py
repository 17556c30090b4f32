"""What an instructor may do to an incident: pause its clock, let it run on, move its limit, end it, void it.

Each counts from `at`, the moment at which it was asked for, by the incident's own clock: who asks may have had to wait
for the lab. Whoever calls these holds the lab. The journal has an entry of each.
"""

from __future__ import annotations

from enum import StrEnum

from labctl.base.errors import LabStateError
from labctl.lab.lab import Lab
from labctl.model.incident import Incident, Status
from labctl.play.ending import end_if_due, over
from labctl.play.stored import latest, latest_of, require_open, save

CLOCK = "clock"
"""The kind of the journal's entries; payload: {"incident", "what", "at"}, for an extension also "by_s"."""


class Change(StrEnum):
    """What was done to an incident."""

    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    END = "end"
    VOID = "void"


def pause(lab: Lab, at: float) -> Incident:
    """Let the clock of the open incident stand still. Raises LabStateError."""
    return _changed(lab, _open(lab, at).pause(at), Change.PAUSE, at)


def resume(lab: Lab, at: float) -> Incident:
    """Let the clock of the open incident run on. Raises LabStateError."""
    return _changed(lab, _open(lab, at).resume(at), Change.RESUME, at)


def extend(lab: Lab, by_s: float, at: float) -> Incident:
    """Move the limit of the open incident. Raises LabStateError."""
    return _changed(lab, _open(lab, at).extended(by_s), Change.EXTEND, at, by_s=by_s)


def end(lab: Lab, at: float) -> Incident:
    """End the open incident, as its limit would have. Raises LabStateError."""
    ended = _open(lab, at).cut_short(at)
    _noted(lab, ended, Change.END, at)
    return over(lab, ended)


def void(lab: Lab, at: float) -> Incident:
    """Let nothing of the last incident count, open or over. Raises LabStateError."""
    end_if_due(lab, at)
    incident = latest(lab)
    if incident is None or incident.page is None:
        require_open(lab)
    if incident is None or incident.status is Status.VOID:
        raise LabStateError("the last incident is void already", expected="one that counts")
    voided = incident.voided(at)
    save(lab, voided)
    _noted(lab, voided, Change.VOID, at)
    return voided


def last_moment(lab: Lab) -> float:
    """Return the present by the clock of the last incident. Raises LabStateError without one."""
    incident = latest_of(lab.store.documents)
    return (incident or require_open(lab)).now()


def _open(lab: Lab, at: float) -> Incident:
    end_if_due(lab, at)
    return require_open(lab)


def _changed(lab: Lab, incident: Incident, what: Change, at: float, **more: float) -> Incident:
    save(lab, incident)
    _noted(lab, incident, what, at, **more)
    return incident


def _noted(lab: Lab, incident: Incident, what: Change, at: float, **more: float) -> None:
    lab.store.journal.append(CLOCK, {"incident": incident.id, "what": str(what), "at": at, **more})
