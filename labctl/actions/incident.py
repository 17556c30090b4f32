"""Actions on an incident: start one, show its page again, submit an answer."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from labctl.actions.answer import Answer
from labctl.actions.elsewhere import reachable
from labctl.actions.parts import IncidentState, state_of
from labctl.base import progress
from labctl.base.errors import InputError, LabStateError
from labctl.base.times import parse_duration, show_clock
from labctl.catalogue import catalogue, own_folders
from labctl.health import baseline, steady_state
from labctl.lab.lab import Lab
from labctl.model import extent, verdict
from labctl.model import incident as model
from labctl.model.drill import DEFAULT_LIMIT_S, LONGEST_LIMIT_S, SHORTEST_LIMIT_S
from labctl.model.fault import Fault
from labctl.model.surroundings import FOR_HIDDEN, Surroundings
from labctl.operate import background, guard
from labctl.play import incidents, logbook, looked, played
from labctl.play.director import around, meanwhile
from labctl.play.evidence import Evidence, parse, parse_all, require_plain
from labctl.play.judging import NOTHING_SAID, Said
from labctl.play.starting import Others
from labctl.state.locking import locked

MAX_SEED = 2**32
SHORT = frozenset({"submit", "debrief", "give-up"})
"""What a submission waits for, when it holds the lab; healing ends the incident, so nothing waits for that."""


@dataclass(frozen=True)
class Incident(Answer, IncidentState):
    """What a learner may know of an incident: the page and the clock."""

    schema: ClassVar[str] = "labctl.incident/1"


@dataclass(frozen=True)
class Verdict(Answer):
    """The verdict on a submission, with the clock after it; it never says which part was wrong."""

    schema: ClassVar[str] = "labctl.verdict/1"
    incident: str
    verdict: str
    """"right" or "wrong"."""
    status: str
    clock_s: float
    penalty_s: float
    attempts_left: int
    practice: bool | None
    """Whether this machine had told the answer before; null until the incident is over."""


@dataclass(frozen=True)
class Choice:
    """How labctl chooses a hidden fault: among those of a track and a difficulty; equal seeds give equal faults."""

    track: str | None = None
    difficulty: int | None = None
    seed: int | None = None

    @property
    def asked_for(self) -> bool:
        """Whether the user gave any of the three."""
        return self != Choice()


def start(
    name: str,
    fault: str | None = None,
    choice: Choice | None = None,
    folder: Path | None = None,
    limit_s: float | None = None,
    *,
    fog: str | None = None,
    drill: str = "",
    secretly: bool = False,
) -> Incident:
    """Inject the named fault, or a hidden one, and return as soon as an alert pages: the clock starts at the page.

    A hidden one ends after `limit_s` seconds, or DEFAULT_LIMIT_S; a named one has no limit unless it is given. `fog` is
    the level of fog over the telemetry until the lab is healed; None for the one that was chosen for the lab, or else
    FOR_HIDDEN over a hidden fault. `drill` is the name of the plan that the incident belongs to. A fault
    that is named `secretly` is as hidden as a drawn one, and its seed says what varies in it.

    Raises NotFoundError, SickLabError, WaitTimeoutError when no page comes, CancelledError after Ctrl-C. The lab is
    healed then.
    """
    if fault is not None and choice and choice.asked_for and not secretly:
        raise InputError("a fault was named, and also how to choose one", expected="one or the other")
    began = time.time()
    named = catalogue.find(fault, folder) if fault else None
    hidden = secretly or named is None
    lab = Lab.open(name)
    if fog is not None:
        lab.fog_file.check(fog)
    with guard.exclusive(lab, "break") as left, guard.cancellable(lab):
        incidents.reconcile(lab)
        if left.interrupted or baseline.recovering(lab):
            incidents.require_none(lab)
            with progress.step("waiting for the steady state") as step:
                steady_state.require(lab.metrics, lab.rps, patience=steady_state.TIMEOUT_S, progress=step.update)
        chosen = named or choose(lab, usable(folder), choice or Choice())
        seed = choice.seed if choice else None
        if seed is not None and seed in played.before().seeds:
            progress.warn(f"the seed {seed} was played before on this machine: this incident is practice")
        with progress.step("checking the lab, then waiting for a page") as step:
            limit = limit_s or (DEFAULT_LIMIT_S if hidden else None)
            others = _others(hidden=hidden, began=began, drill=drill)
            level = fog or _usual_fog(lab, hidden=hidden)
            incident = incidents.start(lab, chosen, seed, step.update, others, hidden=hidden, limit_s=limit, fog=level)
        if incident.page:
            around.after_page(lab, incident.page.at)
    background.ensure(lab)
    return _answer(lab, incident)


def _usual_fog(lab: Lab, *, hidden: bool) -> str | None:
    """Return the level where nobody says one; None for the one in force."""
    return lab.fog.chosen or (FOR_HIDDEN if hidden else None)


def _others(*, hidden: bool, began: float, drill: str) -> Others:
    """Return what colleagues do around an injection, and what is noted of it."""

    def before(lab: Lab, fault: Fault, seed: int | None) -> Surroundings:
        found = around.before_injection(lab, fault, seed, pairs=around.PAIRS if hidden else 0.0)
        return replace(found, began=began, drill=drill)

    return Others(before, meanwhile.after_injection)


def limit_of(text: str) -> float:
    """Return the seconds that `--limit` means. Raises InputError for what is no duration, or out of bounds."""
    seconds = parse_duration(text, "--limit")
    if not SHORTEST_LIMIT_S <= seconds <= LONGEST_LIMIT_S:
        raise InputError(
            f"--limit: an incident can't end after {show_clock(seconds)}",
            expected=f"between {show_clock(SHORTEST_LIMIT_S)} and {show_clock(LONGEST_LIMIT_S)}",
        )
    return seconds


def usable(folder: Path | None) -> Sequence[Fault]:
    """Return the faults that load; warns how many don't, without names: a name could reveal a hidden fault."""
    found = catalogue.usable(folder)
    if found.broken:
        count = len(found.broken)
        files = "the file of one fault does" if count == 1 else f"the files of {count} faults do"
        progress.warn(f"{files} not load, and the fault is left out; `labctl faults check` says why")
    return found.faults


def choose(lab: Lab, faults: Sequence[Fault], choice: Choice) -> Fault:
    """Return one of the faults that show in this lab. Raises NotFoundError, InputError, CatalogueError without one."""
    shown = [each for each in faults if not each.unfit(lab.rps, lab.speed)]
    seed = secrets.randbelow(MAX_SEED) if choice.seed is None else choice.seed
    return catalogue.pick(shown, seed, track=choice.track, difficulty=choice.difficulty)


def pace(name: str) -> tuple[float, float | None]:
    """Return a lab's requests per second, and its host's speed where it was measured. Raises NotFoundError."""
    lab = Lab.open(name)
    return lab.rps, lab.speed


def drawn_for(paces: Sequence[tuple[float, float | None]], choice: Choice) -> str:
    """Return the fault that several labs get, one that shows in all of them: equal seeds and labs give equal faults.

    Raises InputError, CatalogueError without one.
    """
    shown = [each for each in usable(None) if not any(each.unfit(rps, speed) for rps, speed in paces)]
    seed = secrets.randbelow(MAX_SEED) if choice.seed is None else choice.seed
    return catalogue.pick(shown, seed, track=choice.track, difficulty=choice.difficulty).id


@reachable
def page(name: str) -> Incident:
    """Return the last page and its clock. Raises LabStateError when there was none."""
    lab = Lab.open(name)
    incident = incidents.latest(lab)
    if incident is None or incident.page is None:
        raise LabStateError("there was no page", expected="an incident", todo="run `labctl break` to start one")
    return _answer(lab, incident)


def beside(because: str, how_much: str) -> Said:
    """Return what is said beside an answer. Raises InputError for what is no text, or no range."""
    if how_much:
        extent.parse(how_much)
    return Said(logbook.plain(because, "--because") if because else "", how_much)


def require_open(name: str) -> None:
    """Raise LabStateError unless an incident is open."""
    incidents.require_open(Lab.open(name))


def checked_evidence(name: str, evidence: Sequence[str]) -> tuple[Evidence, ...]:
    """Return the pieces of evidence, parsed; "#7" is what look-up 7 asked.

    Raises InputError for what can't be evidence, NotFoundError.
    """
    lab = Lab.open(name)
    pieces = parse_all([looked.as_evidence(lab, each) for each in evidence])
    for each in pieces:
        require_plain(each)
    return pieces


def tried_evidence(name: str, text: str) -> Evidence:
    """Return a piece that matches something, looked up now; nothing is judged. Raises InputError, LookupFailedError."""
    lab = Lab.open(name)
    piece = parse(looked.as_evidence(lab, text))
    incidents.try_evidence(lab, piece)
    return piece


@dataclass(frozen=True)
class Pieces(Answer):
    """Pieces of evidence as they would be submitted: "#7" is what look-up 7 asked."""

    schema: ClassVar[str] = "labctl.evidence/1"
    pieces: tuple[str, ...]


@reachable
def evidence(name: str, pieces: Sequence[str], *, tried: bool = False) -> Pieces:
    """Return pieces of evidence as they would be submitted; `tried` are looked up now, and nothing is judged.

    Raises InputError for what can't be evidence, NotFoundError, LookupFailedError; LabStateError when no incident is
    open.
    """
    require_open(name)
    found = tuple(tried_evidence(name, each) for each in pieces) if tried else checked_evidence(name, pieces)
    return Pieces(tuple(map(str, found)))


@dataclass(frozen=True)
class Words:
    """A submission in words of the vocabulary, its evidence, and what is said beside it."""

    component: str
    trigger: str
    mechanism: str
    impact: Sequence[str]
    evidence: Sequence[str] = ()
    because: str = ""
    how_much: str = ""


@reachable
def submit_words(name: str, words: Words, folder: Path | None = None) -> Verdict:
    """Submit the root cause in words of the vocabulary. A wrong one costs points and five minutes.

    Raises as `submit` does; NotFoundError and InputError, at no cost, for words and evidence that can't be.
    """
    pieces = checked_evidence(name, words.evidence)
    said = beside(words.because, words.how_much)
    answer = verdict.parse_answer(words.component, words.trigger, words.mechanism, words.impact)
    return submit(name, answer, pieces, folder, said)


def submit(
    name: str,
    answer: verdict.Answer,
    pieces: Sequence[Evidence] = (),
    folder: Path | None = None,
    said: Said = NOTHING_SAID,
) -> Verdict:
    """Look the evidence up again and judge the answer; what is said beside it is kept, and never graded.

    It counts from when it is made, even if it has to wait for another submission. Raises LabStateError when no incident
    is open, LookupFailedError when a query in the evidence is refused.
    """
    lab = Lab.open(name)
    open_now = incidents.latest(lab)
    made_at = open_now.now() if open_now else None
    own_folders.repoint(lab.store.documents, folder)
    with locked(lab.name, "submit", behind=SHORT):
        guard.recover(lab)
        incidents.reconcile(lab)
        for doubt in lab.store.records.doubts():
            progress.warn(f"{doubt}: the debrief will say so")
        incident = incidents.submit(lab, answer, pieces, made_at=made_at, said=said)
    last = incident.attempts[-1]
    return Verdict(
        incident=incident.id,
        verdict="right" if last.right else "wrong",
        status=str(incident.status),
        clock_s=round(incident.clock_s(last.at), 1),
        penalty_s=incident.penalty_s,
        attempts_left=incident.attempts_left,
        practice=incident.practice if incident.status in model.ENDED else None,
    )


def _answer(lab: Lab, incident: model.Incident) -> Incident:
    return Incident(**vars(state_of(lab, incident)))
