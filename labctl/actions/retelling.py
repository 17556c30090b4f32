"""The story of any incident of a lab that is over, the last one or an earlier one, for whoever taught it."""

from __future__ import annotations

from dataclasses import dataclass

from labctl.actions import debrief
from labctl.base.errors import LabctlError
from labctl.lab.lab import Lab
from labctl.play import results
from labctl.play.time_spent import time_spent
from labctl.state.journal import Journal


@dataclass(frozen=True)
class Told:
    """An incident that is over: its debrief, and the seconds on its clock by what they were spent on."""

    debrief: debrief.Debrief
    spent: dict[str, float]


def told(name: str, incident: str) -> Told:
    """Return the story of an incident, of a lab that was taken down, too.

    Raises LabStateError for one that is not over, or void, NotFoundError without the lab.
    """
    found = results.present(Lab.open(name)) if Lab(name).store.exists else results.archived(name)
    story = found.debrief(incident)
    entries = Journal(found.database).entries(since=story.incident.injected_at)
    return Told(debrief.answer(story), time_spent(story.incident, entries))


def points(name: str, incident: str) -> float:
    """Return the points of an incident that is over; none where its story can't be told."""
    try:
        return told(name, incident).debrief.points
    except LabctlError:
        return 0.0
