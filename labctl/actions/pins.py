"""Pinning a look-up as it is seen: to a hypothesis, or to the notebook; and what the look-ups of an incident were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from labctl.actions.answer import moment
from labctl.base.errors import InputError, LabStateError, NotFoundError
from labctl.lab.lab import Lab
from labctl.model.incident import Status
from labctl.play import incidents, logbook, looked
from labctl.play.logbook import Bearing


@dataclass(frozen=True)
class Seen:
    """A look-up: `given` is what was asked for, by its name, so that it can be asked again."""

    number: int
    at: datetime
    command: str
    asked: str
    given: Mapping[str, Any]
    said: str
    """Its number, and what it asked, as pinned evidence names it."""


@dataclass(frozen=True)
class Target:
    """A hypothesis that something can be pinned to."""

    number: int
    text: str
    state: str


@dataclass(frozen=True)
class Pinned:
    """What was pinned; `hypothesis` is None for the notebook."""

    number: int
    said: str
    hypothesis: int | None


def number_of(name: str, entry: int) -> int | None:
    """Return the number of the look-up that an entry of the journal is; None where no open incident counts it."""
    lab = Lab.open(name)
    incident = incidents.latest(lab)
    if incident is None or incident.status is not Status.OPEN:
        return None
    return next((each.number for each in looked.of_incident(lab, incident) if each.entry == entry), None)


def seen(name: str) -> tuple[Seen, ...]:
    """Return the look-ups of the last incident, the last one first; none without an incident."""
    lab = Lab.open(name)
    incident = incidents.latest(lab)
    if incident is None or incident.page is None:
        return ()
    found = looked.of_incident(lab, incident)
    return tuple(map(_seen, reversed(found)))


def targets(name: str) -> tuple[Target, ...]:
    """Return what can be pinned to in the open incident, the last one first; none when no incident is open."""
    lab = Lab.open(name)
    incident = incidents.latest(lab)
    if incident is None or incident.status is not Status.OPEN:
        return ()
    known = reversed(logbook.read(lab, incident).hypotheses)
    return tuple(Target(each.number, each.text, str(each.state)) for each in known)


def pin(name: str, number: int, hypothesis: int | None) -> Pinned:
    """Pin a look-up of the open incident: to a hypothesis, whose state stays what it is, or as a note.

    Raises NotFoundError without such a look-up or hypothesis, InputError when it is there already, LabStateError.
    """
    lab = Lab.open(name)
    incident = incidents.require_open(lab)
    found = looked.find(lab, f"#{number}")
    if found is None:
        raise InputError(f"'{number}' is no number of a look-up", expected="such as 7")
    written = logbook.read(lab, incident)
    if hypothesis is None:
        text = found.said[: logbook.MOST_TEXT].strip()
        if any(each.text == text for each in written.notes):
            raise LabStateError(f"#{number} is in the notebook already", expected="a look-up that is not")
        logbook.write(lab, logbook.NOTE, text)
        return Pinned(number, found.said, None)
    known = {each.number: each for each in written.hypotheses}
    if hypothesis not in known:
        raise NotFoundError("hypothesis", str(hypothesis), map(str, known))
    if any(found.said in step.evidence for step in known[hypothesis].steps):
        raise LabStateError(f"#{number} is pinned to hypothesis {hypothesis} already", expected="one that is not")
    logbook.bear(lab, hypothesis, Bearing(known[hypothesis].state), [found.said])
    return Pinned(number, found.said, hypothesis)


def _seen(each: looked.LookUp) -> Seen:
    given = {**each.given, "evidence": each.evidence}
    return Seen(each.number, moment(each.at), each.command, each.asked, given, each.said)
