"""What a learner writes down during an incident: status updates, notes, hypotheses.

All times are on the incident's clock, without penalties: they count from the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from labctl.actions.answer import Answer, moment
from labctl.actions.elsewhere import reachable
from labctl.base.errors import LabStateError
from labctl.lab.lab import Lab
from labctl.model import updates
from labctl.model.incident import Incident
from labctl.play import incidents, looked
from labctl.play import logbook as play_logbook
from labctl.play.evidence import parse


@dataclass(frozen=True)
class StatusUpdate:
    """A status update that was due; `text` and `at_s` are null where none was given."""

    due_s: float
    at_s: float | None
    late_s: float
    text: str | None


@dataclass(frozen=True)
class Updates(Answer):
    """The status updates of the last incident that were due or given, and when the next one is due."""

    schema: ClassVar[str] = "labctl.updates/1"
    incident: str
    updates: tuple[StatusUpdate, ...]
    next_due_at: datetime | None
    """Null after the incident's end, and while the clock is paused."""


@dataclass(frozen=True)
class Note:
    """A note."""

    number: int
    at_s: float
    text: str


@dataclass(frozen=True)
class Notes(Answer):
    """The notes of the last incident."""

    schema: ClassVar[str] = "labctl.notes/1"
    incident: str
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Step:
    """What was said of a hypothesis: supported, ruled-out, or open where evidence was only pinned to it."""

    at_s: float
    bearing: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Hypothesis:
    """A hypothesis, and what became of it: open, supported or ruled-out."""

    number: int
    at_s: float
    text: str
    state: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Hypotheses(Answer):
    """The hypotheses of the last incident."""

    schema: ClassVar[str] = "labctl.hypotheses/1"
    incident: str
    hypotheses: tuple[Hypothesis, ...]


@reachable
def update(name: str, text: str) -> Updates:
    """Give a status update and return all of them. Raises InputError, LabStateError when no incident is open."""
    play_logbook.write(Lab.open(name), play_logbook.UPDATE, text)
    return status_updates(name)


@reachable
def status_updates(name: str) -> Updates:
    """Return the status updates of the last incident. Raises LabStateError when there was none."""
    lab = Lab.open(name)
    incident = _last(lab)
    due = play_logbook.update_due(lab, incident)
    told = play_logbook.due_updates(incident, play_logbook.read(lab, incident).updates)
    return Updates(incident.id, tuple(map(update_of, told)), None if due is None else moment(due))


@reachable
def note(name: str, text: str) -> Notes:
    """Write a note down and return all of them. Raises InputError, LabStateError when no incident is open."""
    play_logbook.write(Lab.open(name), play_logbook.NOTE, text)
    return notes(name)


@reachable
def notes(name: str) -> Notes:
    """Return the notes of the last incident. Raises LabStateError when there was none."""
    lab = Lab.open(name)
    incident = _last(lab)
    return Notes(incident.id, tuple(note_of(each, incident) for each in play_logbook.read(lab, incident).notes))


@reachable
def add_hypothesis(name: str, text: str) -> Hypotheses:
    """Write a hypothesis down and return all of them. Raises InputError, LabStateError when no incident is open."""
    play_logbook.write(Lab.open(name), play_logbook.HYPOTHESIS, text)
    return hypotheses(name)


@reachable
def bear(name: str, number: int, bearing: play_logbook.Bearing, evidence: Sequence[str] = ()) -> Hypotheses:
    """Say that something supports a hypothesis, or rules it out. Raises NotFoundError, InputError, LabStateError.

    A piece of evidence is a look-up's number, of any kind, or what `labctl submit` takes.
    """
    lab = Lab.open(name)
    play_logbook.bear(lab, number, bearing, [_shown(lab, each) for each in evidence])
    return hypotheses(name)


def bear_out(name: str, number: int, bearing: str, evidence: Sequence[str] = ()) -> Hypotheses:
    """Do the same, with what bears on it as a word: "supported" or "ruled-out"."""
    return bear(name, number, play_logbook.Bearing(bearing), evidence)


@reachable
def hypotheses(name: str) -> Hypotheses:
    """Return the hypotheses of the last incident. Raises LabStateError when there was none."""
    lab = Lab.open(name)
    incident = _last(lab)
    found = play_logbook.read(lab, incident).hypotheses
    return Hypotheses(incident.id, tuple(hypothesis_of(each, incident) for each in found))


def update_of(due: updates.Due) -> StatusUpdate:
    """Return a status update in the form that answers hold."""
    given = due.given
    at_s = round(given.at, 1) if given else None
    return StatusUpdate(round(due.due, 1), at_s, round(due.late_s, 1), given.text if given else None)


def note_of(each: play_logbook.Note, incident: Incident) -> Note:
    """Return a note in the form that answers hold."""
    return Note(each.number, round(incident.elapsed_s(each.at), 1), each.text)


def hypothesis_of(each: play_logbook.Hypothesis, incident: Incident) -> Hypothesis:
    """Return a hypothesis in the form that answers hold."""
    steps = (Step(round(incident.elapsed_s(step.at), 1), str(step.bearing), step.evidence) for step in each.steps)
    return Hypothesis(each.number, round(incident.elapsed_s(each.at), 1), each.text, str(each.state), tuple(steps))


def _shown(lab: Lab, text: str) -> str:
    """Return a piece as the debrief shows it: a look-up's number with what it asked."""
    look_up = looked.find(lab, text)
    return look_up.said if look_up else str(parse(text))


def _last(lab: Lab) -> Incident:
    incident = incidents.latest(lab)
    if incident is None or incident.page is None:
        raise LabStateError(
            "there is no incident", expected="one that has begun", todo=f"run `labctl break{lab.option}` to start one"
        )
    return incident
