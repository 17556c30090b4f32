"""`labctl submit`: the root cause, the impact, and the evidence for them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from labctl.actions import incident as action
from labctl.base.errors import InputError, LabctlError
from labctl.base.names import DEFAULT_NAME
from labctl.base.text import number_of
from labctl.base.times import show_clock
from labctl.cli import choices, console, debrief_view
from labctl.cli.options import CatalogueOption, JsonOption, NameOption
from labctl.model.incident import Status
from labctl.model.verdict import EVIDENCE_POINTS, WRONG_PENALTY_S, WRONG_POINTS, parse_answer
from labctl.model.vocabulary import Component, Impact, Mechanism, Trigger
from labctl.play.evidence import MAX_PIECES

FORMS = "promql:QUERY, trace:ID, log:REGEX, log:{SERVICE} REGEX, or '#7' for look-up 7"
ComponentOption = Annotated[str | None, typer.Option("--component", help="Where: a service, a datastore, a link.")]
TriggerOption = Annotated[str | None, typer.Option("--trigger", help="What changed.")]
MechanismOption = Annotated[str | None, typer.Option("--mechanism", help="How it hurts.")]
ImpactOption = Annotated[
    list[str] | None, typer.Option("--impact", help="Who feels it, and how; may be given several times.")
]
EvidenceOption = Annotated[
    list[str] | None,
    typer.Option("--evidence", help=f"{FORMS}; may be given several times."),
]
BecauseOption = Annotated[
    str, typer.Option("--because", metavar="TEXT", help="Your reasoning: kept for the debrief, never graded.")
]
HowMuchOption = Annotated[
    str,
    typer.Option(
        "--how-much",
        metavar="RANGE",
        help="How many requests feel it, 1%-5%, or how long they wait, 300ms-1s: the debrief has what was measured.",
    ),
]


def submit(  # noqa: PLR0913 - an option each
    *,
    component: ComponentOption = None,
    trigger: TriggerOption = None,
    mechanism: MechanismOption = None,
    impact: ImpactOption = None,
    evidence: EvidenceOption = None,
    because: BecauseOption = "",
    how_much: HowMuchOption = "",
    folder: CatalogueOption = None,
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Submit the root cause. Without options, choose from the whole vocabulary at a terminal."""
    given = _Given(component, trigger, mechanism, impact or None)
    pieces: Sequence[str] = evidence or ()
    if given.missing:
        action.beside(because, how_much)
        _require_terminal(given)
        # What can't be submitted is said before all questions are answered in vain.
        pieces = action.evidence(name, pieces).pieces
        given = _asked(given)
        pieces = pieces or _evidence(name)
        if not _sure(given, pieces):
            console.note("nothing was submitted")
            return
    cause = (given.component or "", given.trigger or "", given.mechanism or "")
    words = action.Words(*cause, given.impact or (), pieces, because, how_much)
    verdict = action.submit_words(name, words, folder)
    console.emit(verdict, lambda: _tell(verdict), as_json=as_json)


@dataclass(frozen=True)
class _Given:
    """The words that were given as options."""

    component: str | None
    trigger: str | None
    mechanism: str | None
    impact: Sequence[str] | None

    @property
    def missing(self) -> list[str]:
        """The options that were not given."""
        return [f"--{option}" for option, value in vars(self).items() if value is None]


def _require_terminal(given: _Given) -> None:
    if not sys.stdin.isatty():
        raise InputError(
            f"missing: {', '.join(given.missing)}",
            expected="component, trigger, mechanism and impact, as options or at a terminal",
            todo="run `labctl submit` at a terminal to choose from the whole vocabulary",
        )


def _asked(given: _Given) -> _Given:
    answer = parse_answer(
        given.component or choices.one("Component: where is the root cause?", Component),
        given.trigger or choices.one("Trigger: what changed?", Trigger),
        given.mechanism or choices.one("Mechanism: how does it hurt?", Mechanism),
        given.impact or choices.several("Impact: who feels it, and how?", Impact),
    )
    cause = answer.root_cause
    return _Given(str(cause.component), str(cause.trigger), str(cause.mechanism), sorted(map(str, answer.impact)))


def _evidence(name: str) -> tuple[str, ...]:
    """Ask for pieces of evidence until an empty line; what can't be evidence is said, and asked for again."""
    console.note(f"\nEvidence: {FORMS}. Two pieces earn all points; an empty line ends.")
    pieces: list[str] = []
    while len(pieces) < MAX_PIECES:
        typed = typer.prompt("evidence", default="", show_default=False, err=True).strip()
        if not typed:
            break
        try:
            pieces += action.evidence(name, [typed], tried=True).pieces
        except LabctlError as problem:
            console.error(problem)
    return tuple(dict.fromkeys(pieces))


def _sure(given: _Given, pieces: Sequence[str]) -> bool:
    console.note(f"\n{given.component} / {given.trigger} / {given.mechanism}; {', '.join(given.impact or ())}")
    console.note("evidence: " + (", ".join(pieces) or f"none: {EVIDENCE_POINTS:g} points less"))
    cost = f"a wrong answer costs {WRONG_POINTS:g} points and {show_clock(WRONG_PENALTY_S)}"
    return typer.confirm(f"Submit this ({cost})?", err=True)


def _tell(verdict: action.Verdict) -> None:
    clock = show_clock(verdict.clock_s)
    if verdict.practice:
        console.note(debrief_view.PRACTICE)
    if verdict.status == Status.SOLVED:
        console.show(f"That is the root cause. The clock stands at {clock}. Next: labctl debrief, then labctl heal")
    elif verdict.status == Status.TIMED_OUT:
        console.show("That is not the root cause, and the time has run out. Next: labctl debrief, then labctl heal")
    elif verdict.status == Status.LOCKED:
        console.show("That is not the root cause. It was the last try: the incident is locked. Next: labctl debrief")
    else:
        left = number_of(verdict.attempts_left, "wrong submission")
        cost = f"It costs {WRONG_POINTS:g} points, and {show_clock(WRONG_PENALTY_S)} were added to the clock ({clock})"
        console.show(
            f"That is not the root cause. {cost}; {left} {'is' if verdict.attempts_left == 1 else 'are'} left."
        )
