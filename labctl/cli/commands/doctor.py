"""`labctl doctor`: whether this host can run labs, and whether anything has to be cleaned up."""

from __future__ import annotations

import typer

from labctl.actions import doctor as action
from labctl.base.errors import EXIT_ERROR
from labctl.cli import console
from labctl.cli.options import JsonOption


def doctor(as_json: JsonOption = False) -> None:
    """Check the host and every lab, and say what to do about each problem. Exit 1 when there is a problem."""
    answer = action.doctor()
    console.emit(answer, lambda: _show(answer), as_json=as_json)
    if not answer.ok:
        raise typer.Exit(EXIT_ERROR)


def _show(answer: action.Doctor) -> None:
    console.table(
        ("", "WHAT", "FOUND", "TO DO"),
        (("ok" if each.ok else "!!", each.what, each.found, "" if each.ok else each.todo) for each in answer.findings),
    )
    console.show("\nAll is well." if answer.ok else "\nThere are problems: see the lines marked !! above.")
