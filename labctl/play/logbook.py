"""What a learner writes down during an incident: status updates, notes, hypotheses.

The journal keeps them, as it keeps look-ups: one entry each, numbered and chained, written without the lab's lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from labctl.base.errors import InputError, NotFoundError
from labctl.base.text import checked
from labctl.lab.lab import Lab
from labctl.model import updates
from labctl.model.incident import Incident, Status
from labctl.model.updates import Due, Update
from labctl.play.stored import require_open
from labctl.state.journal import Entry

UPDATE = "update"
NOTE = "note"
HYPOTHESIS = "hypothesis"
"""The kinds of the journal's entries; payload: {"incident", "at", "text"}, of a hypothesis also what was done to it."""
MOST_TEXT = 2000


class Bearing(StrEnum):
    """What became of a hypothesis."""

    ADDED = "open"
    SUPPORTED = "supported"
    RULED_OUT = "ruled-out"


@dataclass(frozen=True)
class Note:
    """A note; `at` in epoch seconds."""

    number: int
    at: float
    text: str


@dataclass(frozen=True)
class Step:
    """One thing that was said for or against a hypothesis, with what shows it."""

    at: float
    bearing: Bearing
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Hypothesis:
    """What a learner supposed, and what became of it; `at` in epoch seconds."""

    number: int
    at: float
    text: str
    steps: tuple[Step, ...] = ()

    @property
    def state(self) -> Bearing:
        """What was said of it last."""
        return self.steps[-1].bearing if self.steps else Bearing.ADDED


@dataclass(frozen=True)
class Written:
    """All that was written down during one incident."""

    updates: tuple[Update, ...] = ()
    notes: tuple[Note, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()


NOTHING_WRITTEN = Written()


def write(lab: Lab, kind: str, text: str, **more: object) -> Incident:
    """Append to the open incident's logbook and return the incident. Raises InputError, LabStateError."""
    incident = require_open(lab)
    said = plain(text, f"the {kind}")
    lab.store.journal.append(kind, {"incident": incident.id, "at": incident.now(), "text": said, **more})
    return incident


def bear(lab: Lab, number: int, bearing: Bearing, evidence: Sequence[str]) -> Incident:
    """Say what became of a hypothesis. Raises NotFoundError without such a one, LabStateError."""
    incident = require_open(lab)
    known = [each.number for each in read(lab, incident).hypotheses]
    if number not in known:
        raise NotFoundError(HYPOTHESIS, str(number), map(str, known), todo="`labctl hypothesis list` lists them")
    done = {"number": number, "bearing": str(bearing), "evidence": list(evidence)}
    lab.store.journal.append(HYPOTHESIS, {"incident": incident.id, "at": incident.now(), **done})
    return incident


def plain(text: str, what: str) -> str:
    """Return a text without the blanks around it. Raises InputError when it is empty, too long, or no text."""
    said = checked(text, what).strip()
    if not said:
        raise InputError(f"{what} is empty", expected="a sentence or two")
    if len(said) > MOST_TEXT:
        raise InputError(f"{what} has {len(said)} characters", expected=f"at most {MOST_TEXT}")
    return said


def read(lab: Lab, incident: Incident) -> Written:
    """Return what was written down during a lab's incident."""
    return written(lab.store.journal.entries(), incident.id)


def written(entries: Iterable[Entry], incident: str) -> Written:
    """Return what was written down during an incident, from a journal's entries."""
    own = [entry for entry in entries if entry.payload.get("incident") == incident]
    notes = [entry for entry in own if entry.kind == NOTE]
    return Written(
        tuple(Update(entry.payload["at"], entry.payload["text"]) for entry in own if entry.kind == UPDATE),
        tuple(Note(number, each.payload["at"], each.payload["text"]) for number, each in enumerate(notes, start=1)),
        _hypotheses([entry for entry in own if entry.kind == HYPOTHESIS]),
    )


def update_due(lab: Lab, incident: Incident) -> float | None:
    """Return when the next status update is due, in epoch seconds; None when nobody waits for one.

    Nobody does after the incident's end, or while the clock stands still.
    """
    if incident.status is not Status.OPEN or incident.page is None:
        return None
    given = [_on_clock(incident, each) for each in read(lab, incident).updates]
    return incident.when(updates.next_due(0.0, given))


def due_updates(incident: Incident, given: Iterable[Update]) -> tuple[Due, ...]:
    """Return the updates that were due until now, or the end, in seconds on the clock: none is due during a pause."""
    until = incident.elapsed_s(incident.ended_at or incident.now())
    return tuple(updates.told(0.0, [_on_clock(incident, each) for each in given], until))


def _on_clock(incident: Incident, update: Update) -> Update:
    return replace(update, at=incident.elapsed_s(update.at))


def _hypotheses(entries: Sequence[Entry]) -> tuple[Hypothesis, ...]:
    found: dict[int, Hypothesis] = {}
    for entry in entries:
        said = entry.payload
        if "text" in said:
            number = len(found) + 1
            found[number] = Hypothesis(number, said["at"], said["text"])
        else:
            known = found[said["number"]]
            step = Step(said["at"], Bearing(said["bearing"]), tuple(said["evidence"]))
            found[known.number] = replace(known, steps=(*known.steps, step))
    return tuple(found.values())
