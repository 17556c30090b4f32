"""The stored results of a lab's last incident: in the lab, or in the archive when the lab was taken down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from labctl.base import paths
from labctl.base.errors import LabStateError, NotFoundError
from labctl.catalogue import own_folders
from labctl.lab.lab import Lab
from labctl.model.incident import Incident, Status
from labctl.operate.guard import OPERATION
from labctl.play import debrief, mitigation_story, mitigations, postmortem
from labctl.play.debrief import Debrief
from labctl.play.postmortem import Postmortem
from labctl.play.stored import latest_of
from labctl.play.told_changes import BEFORE_S, in_feed
from labctl.state.change_feed import ChangeFeed
from labctl.state.database import Database
from labctl.state.documents import Documents
from labctl.state.journal import Entry, Journal
from labctl.state.records import Records

CHANGES_BEFORE_S = 900.0
"""How far before the injection a postmortem's timeline begins."""


@dataclass(frozen=True)
class Results:
    """The database of a lab, present or archived."""

    database: Database
    archived: bool = False
    """Whether the lab was taken down: an incident that was still open then counts as given up."""

    def debrief(self) -> Debrief:
        """Return the debrief of the last incident. Raises LabStateError when there is none, or it is not over."""
        incident = latest_of(Documents(self.database))
        if incident is None or incident.page is None:
            raise LabStateError(
                "there is no incident", expected="one that is over", todo="run `labctl break` to start one"
            )
        debrief.require_counting(incident)
        entries = Journal(self.database).entries(since=incident.page.at)
        if self.archived:
            incident = _left(incident, entries)
        since, past = incident.injected_at - BEFORE_S, in_feed(incident, entries) is not None
        changes = ChangeFeed(self.database).list(since=since, past=past)
        documents = Documents(self.database)
        debrief.require_over(incident)  # before its fault is looked for: an error would name it
        fault = own_folders.recall(documents, incident.fault)
        story = debrief.tell(fault, incident, entries, changes)
        steps, back = mitigations.taken(documents, incident.id), mitigations.back_at(documents, incident)
        mitigated = mitigation_story.tell(fault, incident, steps, back, entries)
        return replace(story, mitigated=mitigated, doubts=tuple(Records(self.database).doubts()))

    def postmortem(self, story: Debrief) -> Postmortem:
        """Return a postmortem draft of the incident that `story` tells."""
        since = story.incident.injected_at - CHANGES_BEFORE_S
        changes = [each.change for each in story.changes if each.change.at >= since]
        return postmortem.postmortem(story, changes, self._healed_at(story.incident))

    def _healed_at(self, incident: Incident) -> float | None:
        entries = Journal(self.database).entries(since=incident.ended_at or incident.injected_at, kind=OPERATION)
        healed = (entry.at for entry in entries if entry.payload == {"what": "heal", "outcome": "done"})
        return next(healed, None)


def _left(incident: Incident, entries: Sequence[Entry]) -> Incident:
    """Return an archived incident as over: if it was open when the lab was taken down, it was given up there."""
    until = entries[-1].at if entries else incident.injected_at
    seen = incident.seen_at(until)
    return seen.given_up(until) if seen.status is Status.OPEN else seen


def present(lab: Lab) -> Results:
    """Return the results of a lab that exists."""
    return Results(lab.store.database)


def archived(name: str) -> Results:
    """Return the newest archived results of a lab that was taken down. Raises NotFoundError with the nearest lab."""
    kept = sorted(paths.archive_dir().glob(f"{name}-????????-??????.db"))
    if not kept:
        raise NotFoundError("lab", name, paths.lab_names(), todo="start it: labctl up")
    return Results(Database(kept[-1]), archived=True)
