"""`labctl hypothesis add|support|rule-out|list`: what may be the cause, and what speaks for it or against it."""

from __future__ import annotations

from typing import Annotated

import typer

from labctl.actions import logbook as action
from labctl.base.names import DEFAULT_NAME
from labctl.cli import console, logbook_view
from labctl.cli.options import JsonOption, NameOption
from labctl.play.logbook import Bearing

TextArgument = Annotated[str, typer.Argument(metavar="TEXT", help="What may be the cause.")]
NumberArgument = Annotated[int, typer.Argument(metavar="N", help="The number of the hypothesis.")]
EvidenceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--evidence", help="'#7' for look-up 7, of any kind, or what submit takes; may be given several times."
    ),
]


def list_(name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """List the hypotheses of the last incident, and what became of them."""
    _emit(action.hypotheses(name), as_json=as_json)


def add(text: TextArgument, name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """Write a hypothesis down; it gets a number."""
    _emit(action.add_hypothesis(name, text), as_json=as_json)


def support(
    number: NumberArgument,
    *,
    evidence: EvidenceOption = None,
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Say that something speaks for a hypothesis."""
    _emit(action.bear(name, number, Bearing.SUPPORTED, evidence or ()), as_json=as_json)


def rule_out(
    number: NumberArgument,
    *,
    evidence: EvidenceOption = None,
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Say that a hypothesis can't be the cause."""
    _emit(action.bear(name, number, Bearing.RULED_OUT, evidence or ()), as_json=as_json)


def _emit(answer: action.Hypotheses, *, as_json: bool) -> None:
    console.emit(answer, lambda: _show(answer), as_json=as_json)


def _show(found: action.Hypotheses) -> None:
    if not found.hypotheses:
        console.note('no hypotheses yet: labctl hypothesis add "…"')
        return
    logbook_view.show_hypotheses(found.hypotheses)
