"""The incidents in a lab's store: the last one, whether it is open, and how each change of it is kept."""

from __future__ import annotations

from labctl.base.errors import LabStateError
from labctl.lab.lab import Lab
from labctl.model.incident import ACTIVE, Incident, Status
from labctl.model.incident_document import from_document, to_document
from labctl.operate import injection
from labctl.play import played
from labctl.state.documents import Documents

KIND = played.KIND


def latest(lab: Lab) -> Incident | None:
    """Return the lab's last incident as it stands now; None when there was none.

    Whether its limit has passed is seen at once; that it ended there is written down by the next command that holds the
    lab (`ending.end_if_due`).
    """
    incident = latest_of(lab.store.documents)
    return incident.seen_at(incident.now()) if incident else None


def latest_of(documents: Documents) -> Incident | None:
    """Return the last incident as it was written, in archived documents too; None when there was none."""
    found = documents.all(KIND)
    return from_document(found[max(found)]) if found else None


def require_open(lab: Lab) -> Incident:
    """Return the open incident. Raises LabStateError when none is open."""
    incident = latest(lab)
    if incident is None or incident.page is None:
        raise LabStateError(
            "there is no incident", expected="an open one", todo=f"run `labctl break{lab.option}` to start one"
        )
    if incident.status is not Status.OPEN:
        raise is_over(lab, incident)
    return incident


def is_over(lab: Lab, incident: Incident) -> LabStateError:
    """Return the error for whoever acts on an incident that has ended."""
    if incident.status is Status.VOID:
        return LabStateError(
            f"the incident {incident.id} is void: nothing of it counts",
            expected="an open one",
            todo=f"run `labctl heal{lab.option}`, then `labctl break{lab.option}`",
        )
    return LabStateError(
        f"the incident {incident.id} is over: {incident.status}",
        expected="an open one",
        todo=f"read `labctl debrief{lab.option}`, then `labctl heal{lab.option}`, then `labctl break{lab.option}`",
    )


def require_none(lab: Lab) -> None:
    """Raise LabStateError when an incident is open, or the lab was not healed after the last one."""
    incident = latest(lab)
    if incident and incident.status in ACTIVE:
        raise LabStateError(
            f"the incident {incident.id} is still open",
            expected="no incident",
            todo=f"solve it with `labctl submit{lab.option}`, or end it with `labctl heal{lab.option}`",
        )
    if injection.injected(lab):
        raise LabStateError(
            "the last incident is over, but the lab is still broken",
            expected="a healed lab",
            todo=f"run `labctl heal{lab.option}`",
        )


def next_id(lab: Lab) -> str:
    """Return the next incident's number: the one of an incident that never opened is used again."""
    found = lab.store.documents.all(KIND).values()
    opened = [each for each in map(from_document, found) if each.page or each.status is not Status.VOID]
    return f"INC-{len(opened) + 1:04d}"


def still_broken(lab: Lab, incident: Incident) -> bool:
    """Whether the incident's fault is still injected."""
    return incident.fault in injection.injected(lab)


def save(lab: Lab, incident: Incident) -> None:
    """Write an incident, and its digest into the journal."""
    lab.store.records.put(KIND, incident.id, to_document(incident))
