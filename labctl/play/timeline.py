"""One timeline of an incident: what was changed, what it did, and what the learner did about it, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from labctl.base.times import show_clock
from labctl.model.incident import Attempt, Incident, Status
from labctl.model.updates import Update
from labctl.play import clock, mitigations
from labctl.play.logbook import Bearing, Hypothesis, Note, Written
from labctl.play.looked import LookUp
from labctl.play.told_changes import LATER_PAGES, ToldChange
from labctl.state.journal import Entry

_ENDED = {
    Status.SOLVED: "solved",
    Status.LOCKED: "locked: too many wrong submissions",
    Status.GIVEN_UP: "given up",
    Status.TIMED_OUT: "the time is up",
}
_CLOCK = {
    clock.Change.PAUSE: "the clock was paused",
    clock.Change.RESUME: "the clock ran on",
    clock.Change.EXTEND: "the limit was moved by {by}",
    clock.Change.END: "an instructor ended the incident",
    clock.Change.VOID: "an instructor voided the incident",
}
_SAID = {Bearing.ADDED: "weighed", Bearing.SUPPORTED: "supported", Bearing.RULED_OUT: "ruled out"}


class Kind(StrEnum):
    """What an event is; in the order in which they are listed where there is a list."""

    CHANGE = "change"
    EFFECT = "effect"
    """A link of the causal chain began to show."""
    PAGE = "page"
    LOOK_UP = "look-up"
    HYPOTHESIS = "hypothesis"
    NOTE = "note"
    UPDATE = "status-update"
    MITIGATION = "mitigation"
    CLOCK = "clock"
    """An instructor paused the clock, let it run on, or moved the limit."""
    SUBMISSION = "submission"
    END = "end"


@dataclass(frozen=True)
class Event:
    """Something that happened, at `at` (epoch seconds)."""

    at: float
    kind: Kind
    what: str
    where: str = ""
    """The component; empty where there is none."""
    part: str = ""
    """What it had to do with the incident: of a change cause, decoy or harmless, of a submission right or wrong."""


def timeline(
    incident: Incident,
    effects: Iterable[tuple[float, str, str]],
    changes: Iterable[ToldChange],
    looks: Iterable[LookUp],
    *,
    written: Written,
    entries: Sequence[Entry],
) -> tuple[Event, ...]:
    """Return all events in order; `effects` have the moment (epoch seconds), the component and the claim of a link."""
    found = [
        *map(_change, changes),
        *(Event(at, Kind.EFFECT, claim, where) for at, where, claim in effects),
        *map(_look_up, looks),
        *map(_note, written.notes),
        *map(_update, written.updates),
        *(event for each in written.hypotheses for event in _hypothesis(each)),
        *map(_submission, incident.attempts),
        *_journalled(incident, entries),
        *_ends(incident),
    ]
    return tuple(sorted(found, key=lambda each: each.at))


def _change(told: ToldChange) -> Event:
    change = told.change
    values = f" ({change.old or '-'} to {change.new or '-'})" if change.old or change.new else ""
    what = f"{change.kind} by {change.author}: {change.title}{values}"
    return Event(change.at, Kind.CHANGE, what, change.component, str(told.part))


def _look_up(look: LookUp) -> Event:
    return Event(look.at, Kind.LOOK_UP, look.said)


def _note(note: Note) -> Event:
    return Event(note.at, Kind.NOTE, note.text)


def _update(update: Update) -> Event:
    return Event(update.at, Kind.UPDATE, update.text)


def _hypothesis(each: Hypothesis) -> Iterator[Event]:
    yield Event(each.at, Kind.HYPOTHESIS, f"{each.number}: {each.text}")
    for step in each.steps:
        shown = f" by {'; '.join(step.evidence)}" if step.evidence else ""
        yield Event(step.at, Kind.HYPOTHESIS, f"{each.number} {_SAID.get(step.bearing, step.bearing)}{shown}")


def _submission(attempt: Attempt) -> Event:
    cause = attempt.answer.root_cause
    what = f"{cause.component} / {cause.trigger} / {cause.mechanism}"
    return Event(attempt.at, Kind.SUBMISSION, what, part="right" if attempt.right else "wrong")


def _journalled(incident: Incident, entries: Sequence[Entry]) -> Iterator[Event]:
    """Yield what the journal alone has: pages after the first one, mitigations, and what was done to the clock."""
    if incident.page:
        yield Event(incident.page.at, Kind.PAGE, incident.page.summary, incident.page.service)
    own = [each for each in entries if each.payload.get("incident") == incident.id]
    for entry in own:
        if entry.kind == LATER_PAGES:
            yield from (Event(at, Kind.PAGE, alert) for at, alert in entry.payload["pages"])
        if entry.kind == clock.CLOCK:
            yield Event(entry.payload["at"], Kind.CLOCK, _clock_changed(entry.payload))
        if entry.kind == mitigations.KIND:
            yield Event(entry.at, Kind.MITIGATION, str(entry.payload.get("what", "")))


def _clock_changed(said: Mapping[str, Any]) -> str:
    return _CLOCK[said["what"]].format(by=show_clock(said.get("by_s", 0.0)))


def _ends(incident: Incident) -> Iterator[Event]:
    if incident.ended_at is not None:
        yield Event(incident.ended_at, Kind.END, _ENDED.get(incident.status, str(incident.status)))
