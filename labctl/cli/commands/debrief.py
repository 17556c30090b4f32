"""`labctl debrief`: what it really was, once the incident is over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from labctl.base.files import write_text
from labctl.base.names import DEFAULT_NAME
from labctl.catalogue import origins
from labctl.cli import console, debrief_view
from labctl.cli.options import CatalogueOption, JsonOption, NameOption
from labctl.lab.lab import Lab
from labctl.operate import guard
from labctl.play import incidents
from labctl.play import results as results_of
from labctl.state.documents import Documents
from labctl.state.locking import locked

MarkdownOption = Annotated[
    Path | None, typer.Option("--markdown", dir_okay=False, help="Write a postmortem draft to this file.")
]
GiveUpOption = Annotated[bool, typer.Option("--give-up", help="End the open incident without the right answer.")]


def debrief(
    *,
    markdown: MarkdownOption = None,
    give_up: GiveUpOption = False,
    folder: CatalogueOption = None,
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Tell what it really was: the causal chain as measured, what you looked at, the score. After the end only."""
    lab = Lab.open(name) if Lab(name).store.exists else None
    results = results_of.present(lab) if lab else results_of.archived(name)
    origins.repoint(Documents(results.database), folder)
    if lab:
        _bring_up_to_date(lab, give_up=give_up)
    told = results.told()
    if markdown:
        write_text(markdown, results.postmortem(told))
    console.emit(debrief_view.document(told), lambda: debrief_view.show(told), as_json=as_json)
    if markdown:
        console.note(f"postmortem draft written to {markdown}")


def _bring_up_to_date(lab: Lab, *, give_up: bool) -> None:
    with locked(lab.name, "debrief"):
        guard.recover(lab)
        incidents.reconcile(lab)
        ended = incidents.give_up(lab) if give_up else None
        if ended is None:
            incidents.keep_curves(lab)
