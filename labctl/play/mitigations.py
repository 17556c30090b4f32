"""The steps that were taken to help users, kept beside the incident; when the service level came back."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from labctl.base.errors import LabctlError, LabStateError, NotFoundError
from labctl.health import service_level
from labctl.lab import undo
from labctl.lab.lab import Lab
from labctl.model.incident import Incident, Status
from labctl.model.mitigation import Step
from labctl.operate import hands, steps
from labctl.play import incidents
from labctl.play.stored import still_broken
from labctl.state.documents import Documents
from labctl.state.undo_log import Entry

KIND = "mitigation"
BACK = "service-level"
"""The kind of the document that says when the service level came back, by incident."""


@dataclass(frozen=True)
class Taken:
    """A step that was taken; times in epoch seconds."""

    number: int
    what: str
    began_at: float
    done_at: float
    restarts: str
    incident: str | None
    """The incident that was open then; None without one."""
    entries: tuple[int, ...]
    """The numbers of its entries in the undo log."""
    undone_at: float | None = None


def take(lab: Lab, step: Step) -> Taken:
    """Take a step, and keep that it was taken; for a caller that holds the lab. Raises what the step raises."""
    incident = incidents.latest(lab)
    opened = incident.id if incident and incident.status is Status.OPEN else None
    number, began = len(taken(lab.store.documents)) + 1, time.time()
    entries = tuple(hands.carry_out(lab, step))
    made = Taken(number, str(step), began, time.time(), step.restarts, opened, entries)
    _save(lab, made)
    lab.store.journal.append(KIND, {"number": number, "what": made.what, "incident": opened})
    return made


def take_back(lab: Lab, number: int) -> Taken:
    """Undo a step, for a caller that holds the lab.

    Raises NotFoundError, LabStateError when nothing of it is left to undo or something newer stands on it.
    """
    known = taken(lab.store.documents)
    found = next((each for each in known if each.number == number), None)
    if found is None:
        raise NotFoundError("mitigation", str(number), [str(each.number) for each in known])
    log = lab.store.undo_log.entries()
    mine = [each for each in log if each.number in found.entries]
    if not mine:
        why = "it was undone already" if found.undone_at else "nothing of it is left to undo"
        raise LabStateError(f"'{found.what}' can't be undone: {why}", expected="a change that is still in force")
    for newer in (each for each in log if any(steps.over(each, one) for one in mine)):
        raise _stood_on(found, newer, known)
    undo.take_back(lab, mine)
    after = replace(found, undone_at=time.time())
    _save(lab, after)
    lab.store.journal.append(KIND, {"number": number, "what": f"undo {number}", "incident": found.incident})
    return after


def taken(documents: Documents, incident: str | None = None) -> list[Taken]:
    """Return the steps that were taken in a lab, or while an incident was open, the oldest first."""
    found = [_read(each) for each in documents.all(KIND).values()]
    return [each for each in found if incident in (None, each.incident)]


def keep_service_level(lab: Lab) -> None:
    """Note when the service level of the last incident came back, while the lab is not healed and steps were taken.

    Telemetry that does not answer leaves what was noted before.
    """
    incident = incidents.latest(lab)
    if incident is None or incident.page is None or not taken(lab.store.documents, incident.id):
        return
    if not still_broken(lab, incident):
        return  # healed: from then on the level says nothing of the learner's steps
    try:
        back = service_level.back_at(lab.metrics, incident.page.at, incident.now())
    except LabctlError:
        return
    lab.store.records.put(BACK, incident.id, {"back_at": back})


@dataclass(frozen=True)
class Back:
    """When the service level came back for good (epoch seconds); None when it had not when it was last looked at."""

    at: float | None


def back_at(documents: Documents, incident: Incident) -> Back | None:
    """Return when the service level came back; None when nobody looked, as for a lab that was taken down at once."""
    kept = documents.get(BACK, incident.id)
    return Back(kept["back_at"]) if kept else None


def _stood_on(found: Taken, newer: Entry, known: list[Taken]) -> LabStateError:
    later = next((each for each in known if newer.number in each.entries), None)
    todo = f"undo {later.number} first: labctl mitigate undo {later.number}" if later else "see `labctl changes`"
    return LabStateError(f"'{found.what}' can't be undone: the same was changed again since", todo=todo)


def _save(lab: Lab, made: Taken) -> None:
    lab.store.records.put(KIND, f"{made.number:04d}", asdict(made))


def _read(document: Mapping[str, Any]) -> Taken:
    return Taken(**{**document, "entries": tuple(document["entries"])})
