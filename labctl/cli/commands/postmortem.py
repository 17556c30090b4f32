"""`labctl postmortem`: a draft with the facts filled in, and the check of a finished one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from labctl.actions import postmortem as action
from labctl.base.errors import EXIT_ERROR
from labctl.base.names import DEFAULT_NAME
from labctl.base.text import number_of, visible
from labctl.cli import console
from labctl.cli.options import CatalogueOption, JsonOption, NameOption

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="The postmortem, in Markdown.")]
CheckOption = Annotated[bool, typer.Option("--check", help="Check the finished postmortem in FILE.")]
ReplaceOption = Annotated[bool, typer.Option("--replace", help="Replace a file that is there already.")]


def postmortem(
    file: FileArgument = Path("postmortem.md"),
    *,
    check: CheckOption = False,
    replace: ReplaceOption = False,
    folder: CatalogueOption = None,
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Draft a postmortem: timeline, root cause, impact, resolution, action items. Only after the incident's end.

    What was written in the room is taken instead, where there is some. Who does what until when is left blank. With
    --check, list what a finished one lacks, then exit 1: each section says something, and every action item has an
    owner and a due date.
    """
    if check:
        _check(file, as_json=as_json)
        return
    written = action.write(name, file, folder=folder, replace=replace)
    console.emit(
        written, lambda: console.show(f"{file} has the draft of {written.incident}'s postmortem."), as_json=as_json
    )
    console.note(f"fill in owners and due dates; when it is finished: labctl postmortem --check {file}")


def _check(file: Path, *, as_json: bool) -> None:
    answer = action.check(file)
    console.emit(answer, lambda: _show(answer), as_json=as_json)
    if not answer.complete:
        raise typer.Exit(EXIT_ERROR)


def _show(found: action.PostmortemCheck) -> None:
    console.lines(Text(visible(f"{found.file}:{each.line}: missing: {each.missing}")) for each in found.problems)
    if found.complete:
        console.show(f"The postmortem is complete, with {number_of(found.action_items, 'action item')}.")
    else:
        console.show(f"\n{number_of(len(found.problems), 'thing')} missing")
