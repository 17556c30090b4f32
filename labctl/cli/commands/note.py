"""`labctl note` and `labctl notes`: what the learner wants to remember."""

from __future__ import annotations

from typing import Annotated

import typer

from labctl.actions import logbook as action
from labctl.base.names import DEFAULT_NAME
from labctl.cli import console, logbook_view
from labctl.cli.options import JsonOption, NameOption

TextArgument = Annotated[str, typer.Argument(metavar="TEXT", help="What you want to remember.")]


def note(text: TextArgument, name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """Write a note down, with its time: the debrief and the postmortem's timeline show it."""
    answer = action.note(name, text)
    console.emit(answer, lambda: console.note(f"note {len(answer.notes)} is written down"), as_json=as_json)


def notes(name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """List the notes of the last incident."""
    answer = action.notes(name)
    console.emit(answer, lambda: _show(answer), as_json=as_json)


def _show(found: action.Notes) -> None:
    if not found.notes:
        console.note('no notes yet: labctl note "…"')
        return
    logbook_view.show_notes(found.notes)
