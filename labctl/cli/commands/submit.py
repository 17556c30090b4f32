"""`labctl submit`: the root cause, the impact, and the evidence for them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from labctl.actions import incident as action
from labctl.base.errors import InputError
from labctl.base.names import DEFAULT_NAME
from labctl.base.text import number_of
from labctl.base.times import show_clock
from labctl.cli import choices, console
from labctl.cli.options import CatalogueOption, JsonOption, NameOption
from labctl.model.incident import Status
from labctl.model.verdict import WRONG_PENALTY_S, Answer, parse_answer
from labctl.model.vocabulary import Component, Impact, Mechanism, Trigger

ComponentOption = Annotated[str | None, typer.Option("--component", help="Where: a service, a datastore, a link.")]
TriggerOption = Annotated[str | None, typer.Option("--trigger", help="What changed.")]
MechanismOption = Annotated[str | None, typer.Option("--mechanism", help="How it hurts.")]
ImpactOption = Annotated[
    list[str] | None, typer.Option("--impact", help="Who feels it, and how; may be given several times.")
]
EvidenceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--evidence", help="promql:QUERY, trace:ID, log:REGEX or log:{SERVICE} REGEX; may be given several times."
    ),
]


def submit(
    *,
    component: ComponentOption = None,
    trigger: TriggerOption = None,
    mechanism: MechanismOption = None,
    impact: ImpactOption = None,
    evidence: EvidenceOption = None,
    folder: CatalogueOption = None,
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Submit the root cause. Without options, choose from the whole vocabulary at a terminal."""
    pieces = action.checked_evidence(name, evidence or ())
    answer = _answer(name, component, trigger, mechanism, impact or ())
    verdict = action.submit(name, answer, pieces, folder)
    console.emit(verdict, lambda: _show(verdict), as_json=as_json)


def _answer(
    name: str, component: str | None, trigger: str | None, mechanism: str | None, impact: Sequence[str]
) -> Answer:
    given = {"--component": component, "--trigger": trigger, "--mechanism": mechanism, "--impact": impact or None}
    missing = [option for option, value in given.items() if value is None]
    if not missing:
        return parse_answer(component or "", trigger or "", mechanism or "", impact)
    if not sys.stdin.isatty():
        raise InputError(
            f"missing: {', '.join(missing)}",
            expected="component, trigger, mechanism and impact, as options or at a terminal",
            todo="run `labctl submit` at a terminal to choose from the whole vocabulary",
        )
    action.require_open(name)  # else the user would answer all questions in vain
    return parse_answer(
        component or choices.one("Component: where is the root cause?", Component),
        trigger or choices.one("Trigger: what changed?", Trigger),
        mechanism or choices.one("Mechanism: how does it hurt?", Mechanism),
        impact or choices.several("Impact: who feels it, and how?", Impact),
    )


def _show(verdict: action.Verdict) -> None:
    clock = show_clock(verdict.clock_s)
    if verdict.status == Status.SOLVED:
        console.show(f"That is the root cause. The clock stands at {clock}. Next: labctl debrief, then labctl heal")
    elif verdict.status == Status.LOCKED:
        console.show("That is not the root cause. It was the last try: the incident is locked. Next: labctl debrief")
    else:
        left = number_of(verdict.attempts_left, "wrong submission")
        console.show(
            f"That is not the root cause. {show_clock(WRONG_PENALTY_S)} were added to the clock ({clock}); "
            f"{left} {'is' if verdict.attempts_left == 1 else 'are'} left."
        )
