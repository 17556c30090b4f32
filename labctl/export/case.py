"""One incident as a case of a data set: a window in which the lab was well, one in which it was broken, and the cause.

The cause is there only when the incident has ended. Before, the page divides the windows: nobody on call knows better.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from labctl.base.errors import LabStateError, NotFoundError
from labctl.catalogue import own_folders
from labctl.lab.lab import Lab
from labctl.model.incident import ENDED, Incident, Status
from labctl.model.incident_document import from_document
from labctl.model.measurement import Window
from labctl.operate.guard import OPERATION
from labctl.play import debrief
from labctl.play.debrief import Debrief
from labctl.play.stored import KIND
from labctl.state.journal import Entry

NORMAL_S = 300.0
"""How long the healthy window is, where the lab was well for so long."""
SETTLED_S = 15.0
"""So long after the lab was started or healed it is not yet what it usually is."""


@dataclass(frozen=True)
class Case:
    """What is exported of an incident; its windows begin and end with whole seconds."""

    incident: str
    normal: Window
    abnormal: Window
    story: Debrief | None
    """The cause and the chain; None before the incident's end."""

    @property
    def windows(self) -> tuple[tuple[str, Window], ...]:
        """Both windows, by the names that files begin with."""
        return ("normal", self.normal), ("abnormal", self.abnormal)


def find(lab: Lab, wanted: str = "") -> Case:
    """Return a lab's incident, the last one without a name. Raises NotFoundError, LabStateError when there was none."""
    known = {each.id: each for each in map(from_document, lab.store.documents.all(KIND).values())}
    paged = {key: each for key, each in known.items() if each.page and each.status is not Status.VOID}
    if not paged:
        raise LabStateError("there is no incident", expected="one with a page", todo="run `labctl break` to start one")
    if wanted and wanted not in paged:
        raise NotFoundError("incident", wanted, paged)
    found = paged[wanted or max(paged)]
    incident = found.seen_at(found.now())
    entries = lab.store.journal.entries()
    normal, abnormal = windows(incident, entries)
    return Case(incident.id, normal, abnormal, _story(lab, incident, entries))


def windows(incident: Incident, entries: Iterable[Entry]) -> tuple[Window, Window]:
    """Return the healthy and the broken window of an incident with a page."""
    ended = incident.status in ENDED and incident.ended_at is not None
    paged_at = incident.page.at if incident.page else incident.injected_at
    began = incident.injected_at if ended else paged_at
    well_until = min(incident.healthy.end, began) if ended else began
    well_since = max(well_until - NORMAL_S, _well_since(incident.healthy.start, entries))
    over = incident.ended_at if ended and incident.ended_at else incident.now()
    return _whole(min(well_since, incident.healthy.start), well_until), _whole(began, over + 1)


def _well_since(healthy: float, entries: Iterable[Entry]) -> float:
    """Return when the lab was last started or healed before it was found well, and had settled."""
    done = [each.at for each in entries if each.kind == OPERATION and each.payload.get("outcome") == "done"]
    return max((at + SETTLED_S for at in done if at < healthy), default=0.0)


def _whole(start: float, end: float) -> Window:
    """Return a window of whole seconds; one that ends where another begins has no second in common with it."""
    return Window(float(math.floor(start)), float(math.floor(end)))


def _story(lab: Lab, incident: Incident, entries: Sequence[Entry]) -> Debrief | None:
    if incident.status not in ENDED:
        return None
    fault = own_folders.recall(lab.store.documents, incident.fault)
    paged_at = incident.page.at if incident.page else incident.injected_at
    return debrief.tell(fault, incident, [each for each in entries if each.at >= paged_at])
