"""The debrief: the true root cause and the whole story of an incident, after its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from labctl.actions import logbook
from labctl.actions.answer import Answer, moment
from labctl.actions.elsewhere import reachable
from labctl.base.errors import LabHeldError
from labctl.catalogue import own_folders
from labctl.lab.lab import Lab
from labctl.model import extent
from labctl.model.fault import RootCause
from labctl.model.incident import ENDED, Attempt
from labctl.model.incident_document import answer_document
from labctl.model.verdict import Finding
from labctl.operate import guard
from labctl.play import debrief as play_debrief
from labctl.play import incidents, mitigations, results, timeline
from labctl.play.around_story import AroundStory
from labctl.play.mitigation_story import Mitigated
from labctl.play.timeline import Kind
from labctl.play.trail import FirstSign, Proof
from labctl.state.documents import Documents
from labctl.state.locking import locked

SHORT = frozenset({"submit", "debrief", "give-up"})
"""What the debrief waits for, when it holds the lab: a browser may ask for it in two tabs."""


@dataclass(frozen=True)
class Score:
    """The points earned, of 100 in all; `lost` are those that wrong answers cost."""

    total: float
    root_cause: float
    impact: float
    evidence: float
    lost: float


@dataclass(frozen=True)
class Evidence:
    """A piece of evidence that was given, whether it counts, and what was found when it was looked up again."""

    evidence: str
    counts: bool
    finding: str


@dataclass(frozen=True)
class Submission:
    """One submission, with its evidence."""

    component: str
    trigger: str
    mechanism: str
    impact: tuple[str, ...]
    at: datetime
    right: bool
    evidence: tuple[Evidence, ...]
    because: str
    """The reasoning that was given; never graded."""
    how_much: str
    """The estimate of the impact's extent, a range; empty without one."""
    how_much_holds: bool | None
    """Whether what users felt, the chain's last link, lay within; null where the two can't be compared."""


@dataclass(frozen=True)
class Wrong:
    """A submission that was not the root cause, and why; `at_s` is on the clock, without penalties."""

    at_s: float
    component: str
    trigger: str
    mechanism: str
    why: str


@dataclass(frozen=True)
class Event:
    """One event of the timeline; `at_s` counts from the page, pauses included, and is negative before it."""

    at: datetime
    at_s: float
    kind: Kind
    what: str
    where: str
    """The component; empty where there is none."""
    part: str
    """Of a change cause, decoy (harmless, on a component of the chain) or harmless; of a submission right or wrong."""


@dataclass(frozen=True)
class Debrief(Answer):
    """The whole story of one incident."""

    schema: ClassVar[str] = "labctl.debrief/2"
    incident: str
    status: str
    fault: str
    title: str
    story: str
    root_cause: RootCause
    impact: tuple[str, ...]
    clock_s: float
    penalty_s: float
    score: Score
    injected_at: datetime
    chain: tuple[play_debrief.MeasuredLink, ...]
    """The links of the causal chain in order; a curve has pairs of epoch seconds and value."""
    submissions: tuple[Submission, ...]
    wrong: tuple[Wrong, ...]
    looked_at: tuple[play_debrief.Look, ...]
    mitigated: Mitigated
    drawn: dict[str, str]
    """What varies in the fault from incident to incident, and what it was in this one."""
    practice: bool
    """Whether this machine had told the answer before, for this fault or this seed."""
    doubts: tuple[str, ...]
    """What was changed in the lab's state behind labctl's back, a sentence each."""
    limit_s: float | None
    """Seconds from the page to the end that the incident had; null without a limit."""
    updates: tuple[logbook.StatusUpdate, ...]
    notes: tuple[logbook.Note, ...]
    hypotheses: tuple[logbook.Hypothesis, ...]
    page: str
    """What the page said."""
    paged_at: datetime
    ended_at: datetime
    timeline: tuple[Event, ...]
    """Everything in order: changes, effects, pages, look-ups, what was written, submissions, the end."""
    first_sign: FirstSign | None
    """The earliest abnormal signal; null where nothing was measured."""
    path: tuple[Proof, ...]
    """The shortest path of evidence, from the page back to the cause."""
    around: AroundStory
    """What lay around the fault: fog and what it hid, a decoy, and how difficult that made it."""
    points: float
    """The score by difficulty, as the leaderboard counts it."""
    break_s: float | None
    """Seconds from the beginning of `labctl break` to the page; null where nobody noted it."""
    drill: str
    """The name of the drill's plan; empty outside of one."""


@reachable
def debrief(name: str, *, give_up: bool = False, folder: Path | None = None) -> Debrief:
    """Return the debrief of the last incident.

    For a lab that was taken down, its archived results are used. Raises LabStateError before the incident's end,
    NotFoundError.
    """
    return answer(told(name, give_up=give_up, folder=folder)[1])


def told(
    name: str, *, give_up: bool = False, folder: Path | None = None
) -> tuple[results.Results, play_debrief.Debrief]:
    """Return the results of the last incident and what they tell. Raises as `debrief`."""
    lab = Lab.open(name) if Lab(name).store.exists else None
    found = results.present(lab) if lab else results.archived(name)
    own_folders.repoint(Documents(found.database), folder)
    if lab:
        _bring_up_to_date(lab, give_up=give_up)
    return found, found.debrief()


def read(name: str) -> Debrief:
    """Return the debrief as `debrief` does; while another command holds the lab, as it was kept last.

    For a page that is opened while the lab heals. Raises LabStateError before the incident's end, NotFoundError.
    """
    return answer(told_now(name)[1])


def told_now(name: str) -> tuple[results.Results, play_debrief.Debrief]:
    """Return the results of the last incident and what they tell, as `read` does. Raises as that does."""
    lab = Lab.open(name)
    try:
        _bring_up_to_date(lab, give_up=False)
    except LabHeldError:
        _require_kept(lab)
    found = results.present(lab)
    return found, found.debrief()


def _require_kept(lab: Lab) -> None:
    """Raise the reason why an incident whose end nobody has written down yet can't be told."""
    incident = incidents.latest(lab)
    if incident and incident.status in ENDED and incidents.latest_of(lab.store.documents) != incident:
        raise LabHeldError(
            f"the end of {incident.id} is being written down",
            expected="the lab to be free",
            todo="open the debrief again in a moment",
        )


def answer(story: play_debrief.Debrief) -> Debrief:
    """Return a debrief as an answer."""
    incident, fault = story.incident, story.fault
    page_at = incident.page.at if incident.page else incident.injected_at
    return Debrief(
        incident=incident.id,
        status=str(incident.status),
        fault=fault.id,
        title=fault.title,
        story=fault.story.strip(),
        root_cause=fault.root_cause,
        impact=tuple(sorted(fault.impact)),
        clock_s=round(story.clock_s, 1),
        penalty_s=incident.penalty_s,
        score=_score(story),
        injected_at=moment(incident.injected_at),
        chain=story.chain,
        submissions=tuple(_submission(each, story.chain[-1]) for each in incident.attempts),
        wrong=tuple(Wrong(each.at_s, **_words(each.root_cause), why=each.reason) for each in story.wrong_answers),
        looked_at=story.looks,
        mitigated=story.mitigated,
        drawn=dict(incident.drawn),
        practice=incident.practice,
        doubts=story.doubts,
        limit_s=incident.limit_s,
        updates=tuple(logbook.update_of(each) for each in story.updates),
        notes=tuple(logbook.note_of(each, incident) for each in story.written.notes),
        hypotheses=tuple(logbook.hypothesis_of(each, incident) for each in story.written.hypotheses),
        page=incident.page.summary if incident.page else "",
        paged_at=moment(page_at),
        ended_at=moment(incident.ended_at or page_at),
        timeline=tuple(_event(each, page_at) for each in story.timeline),
        first_sign=story.first_sign,
        path=story.path,
        around=story.around,
        points=story.points,
        break_s=incident.break_s,
        drill=incident.around.drill,
    )


def _event(event: timeline.Event, page_at: float) -> Event:
    return Event(moment(event.at), round(event.at - page_at, 1), event.kind, event.what, event.where, event.part)


def _score(story: play_debrief.Debrief) -> Score:
    earned = story.score
    return Score(earned.total, earned.root_cause, earned.impact, earned.evidence, earned.lost)


def _submission(attempt: Attempt, felt: play_debrief.MeasuredLink) -> Submission:
    words: dict[str, Any] = answer_document(attempt.answer)
    pieces = zip(attempt.evidence, attempt.findings, strict=True)
    return Submission(
        **{**words, "impact": tuple(words["impact"])},
        at=moment(attempt.at),
        right=attempt.right,
        evidence=tuple(Evidence(piece, found is Finding.COUNTS, str(found)) for piece, found in pieces),
        because=attempt.because,
        how_much=attempt.how_much,
        how_much_holds=extent.parse(attempt.how_much).says(felt.value, felt.unit) if attempt.how_much else None,
    )


def _words(cause: RootCause) -> dict[str, str]:
    return {"component": str(cause.component), "trigger": str(cause.trigger), "mechanism": str(cause.mechanism)}


@reachable
def give_up(name: str, *, folder: Path | None = None) -> Debrief:
    """End the open incident without the right answer and return its debrief. Raises LabStateError when none is open."""
    incidents.require_open(Lab.open(name))
    return debrief(name, give_up=True, folder=folder)


def _bring_up_to_date(lab: Lab, *, give_up: bool) -> None:
    with locked(lab.name, "debrief", behind=SHORT):
        guard.recover(lab)
        incidents.reconcile(lab)
        ended = incidents.give_up(lab) if give_up else None
        mitigations.keep_service_level(lab)
        if ended is None:
            incidents.keep_curves(lab)
