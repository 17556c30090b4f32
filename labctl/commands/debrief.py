"""`labctl debrief`: what it really was, once the incident is over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from labctl import console, debrief_view, guard, incidents
from labctl import results as results_of
from labctl.files import write_text
from labctl.lab import Lab
from labctl.locking import locked
from labctl.names import DEFAULT_NAME
from labctl.options import JsonOption, NameOption
from labctl.results import Results

MarkdownOption = Annotated[
    Path | None, typer.Option("--markdown", dir_okay=False, help="Write a postmortem draft to this file.")
]
GiveUpOption = Annotated[bool, typer.Option("--give-up", help="End the open incident without the right answer.")]


def debrief(
    *,
    markdown: MarkdownOption = None,
    give_up: GiveUpOption = False,
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Tell what it really was: the causal chain as measured, what you looked at, the score. After the end only."""
    results = _present(Lab.open(name), give_up=give_up) if Lab(name).store.exists else results_of.archived(name)
    told = results.told()
    if markdown:
        write_text(markdown, results.postmortem(told))
    console.emit(debrief_view.document(told), lambda: debrief_view.show(told), as_json=as_json)
    if markdown:
        console.note(f"postmortem draft written to {markdown}")


def _present(lab: Lab, *, give_up: bool) -> Results:
    with locked(lab.name, "debrief"):
        guard.recover(lab)
        incidents.reconcile(lab)
        if give_up:
            incidents.give_up(lab)
        incidents.keep_curves(lab)
    return results_of.present(lab)
