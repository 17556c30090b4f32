"""`labctl down`: remove a lab and everything it left on this host, except its results."""

from __future__ import annotations

from typing import Annotated

import typer

from labctl.actions import down as action
from labctl.base.names import DEFAULT_NAME
from labctl.base.text import number_of
from labctl.cli import console
from labctl.cli.options import JsonOption, NameOption

AllOption = Annotated[bool, typer.Option("--all", help="Every lab whose state is here.")]


def down(name: NameOption = DEFAULT_NAME, every: AllOption = False, as_json: JsonOption = False) -> None:
    """Remove a lab: containers, network, volumes, state. Results of incidents are kept in the archive."""
    answer, problems = action.down_all() if every else (action.down(name), [])
    for problem in problems:
        console.error(problem)
    console.emit(answer, lambda: _show(answer), as_json=as_json)
    if problems:
        raise typer.Exit(max(each.exit_code for each in problems))


def _show(answer: action.Down) -> None:
    if not answer.labs:
        console.show("There is no lab: nothing to remove.")
    for each in answer.labs:
        if each.removed:
            console.show(f"The lab '{each.name}' is gone ({number_of(each.containers, 'container')}).")
        else:
            console.show(f"There is no lab '{each.name}': nothing to remove.")
        if each.archived:
            console.show(f"  its results are kept in {each.archived}")
