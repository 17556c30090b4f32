"""`labctl debrief`: the true root cause, after the incident's end."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from labctl.actions import debrief as action
from labctl.actions import postmortem
from labctl.base.files import write_text
from labctl.base.names import DEFAULT_NAME
from labctl.cli import console, debrief_view
from labctl.cli.options import CatalogueOption, JsonOption, NameOption

MarkdownOption = Annotated[
    Path | None,
    typer.Option("--markdown", dir_okay=False, help="Write a postmortem draft, and the debrief, to this file."),
]
HtmlOption = Annotated[
    Path | None,
    typer.Option(
        "--html", dir_okay=False, help="Write the debrief to this file as a page with charts, whole in itself."
    ),
]
GiveUpOption = Annotated[bool, typer.Option("--give-up", help="End the open incident without the right answer.")]


def debrief(
    *,
    markdown: MarkdownOption = None,
    html: HtmlOption = None,
    give_up: GiveUpOption = False,
    folder: CatalogueOption = None,
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Show the true root cause, the chain as measured, your look-ups and your score. Only after the incident's end."""
    answer = action.debrief(name, give_up=give_up, folder=folder)
    if markdown:
        _write_markdown(answer, markdown, name, folder)
    if html:
        _write_page(answer, html)
    console.emit(answer, lambda: debrief_view.show(answer), as_json=as_json)
    if markdown:
        console.note(f"postmortem draft written to {markdown}, the debrief below it")
    if html:
        console.note(f"the debrief's page is {html}: open it in a browser")


def _write_markdown(answer: action.Debrief, file: Path, name: str, folder: Path | None) -> None:
    from labctl.cli import debrief_markdown  # noqa: PLC0415 - for those who want a file

    write_text(file, f"{postmortem.text(name, draft=True, folder=folder).text}\n{debrief_markdown.text(answer)}")


def _write_page(answer: action.Debrief, file: Path) -> None:
    from labctl.cli import debrief_html  # noqa: PLC0415 - it loads a template engine

    write_text(file, debrief_html.page(answer))
