"""The debrief after an incident's end: the true chain with its curves, why answers were wrong, the look-ups made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from labctl.base.errors import LabStateError
from labctl.model.fault import Fault, Link, RootCause
from labctl.model.incident import ENDED, Attempt, Curves, Incident, Status
from labctl.model.measurement import Curve, Measurement, median
from labctl.model.onset import in_order, lasted, onset
from labctl.model.points import points
from labctl.model.updates import Due
from labctl.model.verdict import NOTHING_EARNED, Score, score
from labctl.play import around_story, told_changes, trail
from labctl.play.around_story import AroundStory
from labctl.play.logbook import NOTHING_WRITTEN, Written, due_updates, written
from labctl.play.looked import LookUp, look_ups
from labctl.play.mitigation_story import NOTHING_DONE, Mitigated
from labctl.play.timeline import Event, timeline
from labctl.play.told_changes import ToldChange
from labctl.play.trail import FirstSign, Proof
from labctl.state.change_feed import Change
from labctl.state.journal import Entry

SHOWN_AFTER_PAGE_S = 60.0
"""Seconds after the page at which the shown curves end: all links have moved by then; longer ones would look flat."""
_NO_CURVES = Curves((), ())


@dataclass(frozen=True)
class MeasuredLink:
    """One link of the true chain with its measured values."""

    component: str
    claim: str
    probe: str
    unit: str
    tolerance: str
    baseline: float | None
    value: float | None
    onset_s: float | None
    """Counts from the injection: no later than an effect's, where measuring can't tell; null when it never showed."""
    lasted_s: float | None
    """Set where the link was over again: `value` is then the one while it lasted."""
    curve: Curve


@dataclass(frozen=True)
class WrongAnswer:
    """A submission that was not the root cause, and why; `at_s` is on the clock, without penalties."""

    at_s: float
    root_cause: RootCause
    reason: str


@dataclass(frozen=True)
class Look:
    """One look-up that the learner made, by its number within the incident; `at_s` is on the clock."""

    number: int
    at_s: float
    command: str
    asked: str
    bears_on: tuple[str, ...] = ()
    """What it showed of the answer, judged by what was asked; empty where it led past it."""


@dataclass(frozen=True)
class Debrief:
    """The whole story of one incident."""

    incident: Incident
    fault: Fault
    clock_s: float
    score: Score
    chain: tuple[MeasuredLink, ...]
    wrong_answers: tuple[WrongAnswer, ...]
    looks: tuple[Look, ...]
    updates: tuple[Due, ...] = ()
    """The status updates that were due, and what was given for each."""
    written: Written = NOTHING_WRITTEN
    mitigated: Mitigated = NOTHING_DONE
    doubts: tuple[str, ...] = ()
    """What was changed behind labctl's back, a sentence each."""
    changes: tuple[ToldChange, ...] = ()
    """What was changed from an hour before the injection to the end, and what part it had."""
    timeline: tuple[Event, ...] = ()
    first_sign: FirstSign | None = None
    """The earliest abnormal signal; None where nothing was measured."""
    path: tuple[Proof, ...] = ()
    """The shortest path of evidence, from the page back to the cause."""

    @property
    def around(self) -> AroundStory:
        """What lay around the incident: fog, a decoy, and how difficult they made it."""
        return around_story.tell(self.fault, self.incident, self.changes)

    @property
    def points(self) -> float:
        """What the incident is worth: its score by its difficulty."""
        return points(self.score.total, self.around.difficulty.total)


def require_over(incident: Incident) -> None:
    """Raise LabStateError before an incident's end: nothing is told then, nor looked for."""
    if incident.status not in ENDED or incident.page is None or incident.ended_at is None:
        raise LabStateError(
            f"the incident {incident.id} is not over",
            expected="one that is solved, locked, given up or out of time",
            todo="submit the root cause, or run `labctl give-up`",
        )


def tell(fault: Fault, incident: Incident, entries: Iterable[Entry], changes: Iterable[Change] = ()) -> Debrief:
    """Return the debrief of an incident. Raises LabStateError before its end.

    `entries` are its lab's journal, `changes` the change feed's, with those that healing took out of it.
    """
    entries = list(entries)
    require_over(incident)
    assert incident.page is not None  # noqa: S101 - for the type checker, as below
    assert incident.ended_at is not None  # noqa: S101
    notebook = written(entries, incident.id)
    chain = _ordered([_measured_link(link, incident) for link in fault.chain])
    looks = [each for each in look_ups(entries, incident.id) if each.at <= incident.ended_at]
    made = told_changes.told(fault, incident, entries, changes)
    onsets = [(link, each.onset_s) for link, each in zip(fault.chain, chain, strict=True)]
    return Debrief(
        incident,
        fault,
        clock_s=incident.clock_s(incident.ended_at),
        score=earned(fault, incident),
        chain=chain,
        wrong_answers=tuple(_wrong(fault, each, incident) for each in incident.attempts if not each.right),
        looks=tuple(_look(each, fault, incident, made) for each in looks),
        updates=due_updates(incident, notebook.updates),
        written=notebook,
        changes=made,
        timeline=timeline(incident, _effects(chain, incident), made, looks, written=notebook, entries=entries),
        first_sign=trail.first_sign(onsets, looks, incident),
        path=trail.path(fault, looks, made, incident),
    )


def require_counting(incident: Incident) -> None:
    """Raise LabStateError for an incident that an instructor voided."""
    if incident.status is Status.VOID:
        raise LabStateError(
            f"the incident {incident.id} is void: nothing of it counts, and its answer stays hidden",
            expected="one that counts",
            todo="run `labctl heal`, then `labctl break` to start another",
        )


def _look(look: LookUp, fault: Fault, incident: Incident, made: Sequence[ToldChange]) -> Look:
    bears_on = trail.bearing_of(look, fault, incident, made)
    return Look(look.number, incident.elapsed_s(look.at), look.command, look.asked, bears_on)


def _effects(chain: Iterable[MeasuredLink], incident: Incident) -> list[tuple[float, str, str]]:
    return [
        (incident.injected_at + link.onset_s, link.component, link.claim) for link in chain if link.onset_s is not None
    ]


def earned(fault: Fault, incident: Incident) -> Score:
    """Return the score of an incident: no points unless it was solved."""
    if incident.status is not Status.SOLVED:
        return NOTHING_EARNED
    last = incident.attempts[-1]
    return score(fault, last.answer, last.counting, incident.wrong)


def _measured_link(link: Link, incident: Incident) -> MeasuredLink:
    curves = incident.curves.get(link.probe.name, _NO_CURVES)
    measured = Measurement(link.probe, curves.healthy, curves.broken)
    began = onset(measured, incident.injected_at)
    lasting = None if began is None else _passed(measured, began)
    until = (incident.page.at if incident.page else incident.injected_at) + SHOWN_AFTER_PAGE_S
    return MeasuredLink(
        str(link.component),
        link.claim,
        link.probe.name,
        link.probe.unit,
        str(link.probe.tolerance),
        measured.baseline,
        _value(measured, began or incident.injected_at, lasting),
        None if began is None else began - incident.injected_at,
        lasting,
        tuple(point for point in (*curves.healthy, *curves.broken) if point[0] <= until),
    )


def _passed(measured: Measurement, began: float) -> float | None:
    """Return how long a link lasted that is over for the most part; None for one that goes on, or comes and goes."""
    rest = measured.value_after(began)
    if rest is None or measured.probe.tolerance.holds(rest, measured.baseline):
        return None
    return lasted(measured, began)


def _value(measured: Measurement, since: float, lasting: float | None) -> float | None:
    if lasting is None:
        return measured.value_after(since)
    return median(tuple(point for point in measured.broken if since <= point[0] < since + lasting))


def _ordered(chain: list[MeasuredLink]) -> tuple[MeasuredLink, ...]:
    onsets = in_order([link.onset_s for link in chain])
    return tuple(replace(link, onset_s=onset) for link, onset in zip(chain, onsets, strict=True))


def _wrong(fault: Fault, attempt: Attempt, incident: Incident) -> WrongAnswer:
    cause = attempt.answer.root_cause
    known = {near.root_cause: near.reason for near in fault.near_misses}
    return WrongAnswer(incident.elapsed_s(attempt.at), cause, known.get(cause) or _difference(fault.root_cause, cause))


def _difference(true: RootCause, said: RootCause) -> str:
    parts = (
        ("component", true.component, said.component),
        ("trigger", true.trigger, said.trigger),
        ("mechanism", true.mechanism, said.mechanism),
    )
    return "; ".join(f"the {name} is {truth}, not {word}" for name, truth, word in parts if truth != word)
