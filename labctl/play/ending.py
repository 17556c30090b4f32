"""Ends incidents: given up, out of time, cut short, healed; and keeps the curves that the debrief shows.

Whoever calls these holds the lab.
"""

from __future__ import annotations

import time
from dataclasses import replace

from labctl.base import progress
from labctl.base.errors import CatalogueError, LabctlError
from labctl.catalogue import own_folders
from labctl.health import paging
from labctl.lab.lab import Lab
from labctl.model.incident import ENDED, Curves, Incident, Status
from labctl.model.measurement import Window, measure
from labctl.model.signature import probes_of
from labctl.play.stored import latest, latest_of, save, still_broken
from labctl.play.told_changes import BEFORE_S, END, LATER_PAGES

CAPTURE_S = 600.0
"""The debrief's curves cover at most so many seconds from the injection on."""


def end_if_due(lab: Lab, now: float | None = None) -> Incident | None:
    """End the open incident if its limit has passed, at the limit's moment, and return it; None when it is not due.

    Harmless when it is called again. `now` is in epoch seconds, the present by the incident's own clock if not given.
    """
    incident = latest_of(lab.store.documents)
    if incident is None:
        return None
    seen = incident.seen_at(incident.now() if now is None else now)
    return over(lab, seen) if seen != incident else None


def reconcile(lab: Lab) -> None:
    """End an incident that is out of time, or that an interrupted `break`, or healing, left open."""
    end_if_due(lab)
    incident = latest(lab)
    if incident is None:
        return
    if incident.status is Status.INJECTING:
        save(lab, incident.void(time.time()))
    elif incident.status is Status.OPEN and not still_broken(lab, incident):
        over(lab, incident.given_up(incident.now()))


def give_up(lab: Lab) -> Incident | None:
    """End the open incident and return it; None when none is open. Call it before the lab is healed."""
    end_if_due(lab)
    incident = latest(lab)
    if incident is None or incident.status is not Status.OPEN:
        return None
    return over(lab, incident.given_up(incident.now()))


def keep_curves(lab: Lab) -> None:
    """Measure the curves of the last incident, if it is over: when it has none yet, and again while the lab is broken.

    A quick learner may finish before the last links of the chain have moved, and the debrief should show all of them.
    """
    incident = latest(lab)
    if incident and incident.status in ENDED and (not incident.curves or still_broken(lab, incident)):
        end(lab, incident)


def over(lab: Lab, incident: Incident) -> Incident:
    """Store an incident that has just ended, and say so in the journal; return it with its curves."""
    save(lab, incident)
    record_end(lab, incident)
    return end(lab, incident)


def record_end(lab: Lab, incident: Incident) -> None:
    """Append to the journal that an incident is over, and what else has paged meanwhile."""
    ended = {"incident": incident.id, "status": str(incident.status), "at": incident.ended_at}
    read = lab.store.changes.list(since=incident.injected_at - BEFORE_S)
    lab.store.journal.append(END, {**ended, "changes": [each.id for each in read]})
    if pages := _later_pages(lab, incident):
        lab.store.journal.append(LATER_PAGES, {"incident": incident.id, "pages": pages})


def _later_pages(lab: Lab, incident: Incident) -> list[tuple[float, str]]:
    """Return when other alerts began to page, and their names; none where the telemetry does not answer."""
    if incident.page is None or incident.ended_at is None:
        return []
    try:
        found = paging.began(lab.metrics, Window(incident.injected_at, incident.ended_at))
    except LabctlError:
        return []  # the incident is over all the same, and its first page is known
    return [(at, alert) for at, alert in found if alert != incident.page.alert]


def end(lab: Lab, incident: Incident) -> Incident:
    """Store an incident that is over, with its curves where they can be measured, and return it."""
    save(lab, incident)
    try:
        ended = replace(incident, curves=_curves(lab, incident))
    except CatalogueError as error:
        # The result stands: the debrief needs the file as well, and measures then.
        progress.warn(f"the debrief has no measurements yet: {error}")
        return incident
    except LabctlError:
        return incident  # the telemetry does not answer: the incident is over all the same, the debrief measures again
    save(lab, ended)
    return ended


def _curves(lab: Lab, incident: Incident) -> dict[str, Curves]:
    now = time.time()
    end = now if still_broken(lab, incident) else incident.broken(now).end
    broken = Window(incident.injected_at, min(end, incident.injected_at + CAPTURE_S))
    fault = own_folders.recall(lab.store.documents, incident.fault)
    measured = measure(lab.metrics, probes_of(fault), incident.healthy, broken)
    return {name: Curves(each.healthy, each.broken) for name, each in measured.items()}
