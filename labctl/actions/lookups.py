"""The look-ups made during an incident, with the numbers by which they can be attached as evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from labctl.actions.answer import Answer, moment
from labctl.actions.elsewhere import reachable
from labctl.base.errors import LabStateError
from labctl.lab.lab import Lab
from labctl.play import incidents, looked


@dataclass(frozen=True)
class LookUp:
    """One look-up; `evidence` is what `labctl submit --evidence` makes of its number, null where it can't be any."""

    number: int
    at: datetime
    command: str
    asked: str
    evidence: str | None


@dataclass(frozen=True)
class LookUps(Answer):
    """The look-ups since the page of the last incident, numbered from 1."""

    schema: ClassVar[str] = "labctl.lookups/1"
    incident: str
    lookups: tuple[LookUp, ...]


@reachable
def lookups(name: str) -> LookUps:
    """Return the look-ups of the last incident. Raises LabStateError when there was none."""
    lab = Lab.open(name)
    incident = incidents.latest(lab)
    if incident is None or incident.page is None:
        raise LabStateError(
            "there is no incident", expected="one that has begun", todo=f"run `labctl break{lab.option}` to start one"
        )
    found = looked.of_incident(lab, incident)
    return LookUps(
        incident.id,
        tuple(LookUp(each.number, moment(each.at), each.command, each.asked, each.evidence) for each in found),
    )
