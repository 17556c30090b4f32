"""`labctl login`: work on a lab elsewhere, from one's own terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from labctl.actions import login as action
from labctl.cli import console
from labctl.cli.options import JsonOption

UrlArgument = Annotated[str, typer.Argument(metavar="URL", help="The address of the room, or of the game day.")]
CodeArgument = Annotated[str, typer.Argument(metavar="CODE", help="The code that you were given.")]
AsOption = Annotated[str, typer.Option("--as", metavar="NAME", help="The name by which your team knows you.")]
CaOption = Annotated[
    Path | None,
    typer.Option(
        "--ca", metavar="FILE", dir_okay=False, exists=True, help="Trust the certificates in this file, and no others."
    ),
]


def login(
    url: UrlArgument, code: CodeArgument, *, as_: AsOption = "", ca: CaOption = None, as_json: JsonOption = False
) -> None:
    """Log in to a room elsewhere: look-ups, notes, mitigation and submission work on its lab then, from here."""
    answer = action.login(url, code, as_, ca)
    team = f" of {answer.team}" if answer.team else ""
    console.emit(
        answer, lambda: console.show(f"You are logged in to {answer.url} as {answer.user}{team}."), as_json=as_json
    )
    console.note("Next: labctl page   (labctl whoami says where you are, labctl logout leads back)")
