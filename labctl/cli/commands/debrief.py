"""`labctl debrief`: the true root cause, after the incident's end."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from labctl.actions import debrief as action
from labctl.base.names import DEFAULT_NAME
from labctl.cli import console, debrief_view
from labctl.cli.options import CatalogueOption, JsonOption, NameOption

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
    """Show the true root cause, the chain as measured, your look-ups and your score. Only after the incident's end."""
    answer = action.debrief(name, give_up=give_up, folder=folder, markdown=markdown)
    console.emit(answer, lambda: debrief_view.show(answer), as_json=as_json)
    if markdown:
        console.note(f"postmortem draft written to {markdown}")
