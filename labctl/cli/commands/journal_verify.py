"""`labctl journal verify`: whether what labctl wrote down is as it wrote it."""

from __future__ import annotations

import typer

from labctl.actions import journal as action
from labctl.base.errors import EXIT_ERROR
from labctl.base.names import DEFAULT_NAME
from labctl.cli import console
from labctl.cli.options import JsonOption, NameOption


def verify(name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """Check the lab's journal and its incidents, or those of its newest archive: what was changed ends in exit code 1.

    Each entry's hash covers the one before it; the last one, written down elsewhere, proves all of them later.
    """
    answer = action.verify(name)
    console.emit(answer, lambda: _show(answer), as_json=as_json)
    if not answer.sound:
        raise typer.Exit(EXIT_ERROR)


def _show(found: action.Verified) -> None:
    for doubt in found.doubts:
        console.show(f"NOT TO BE TRUSTED: {doubt}")
    if found.sound:
        console.show(f"The journal is whole: up to entry {found.entries}.")
    console.facts({"last hash": found.last_hash})
