"""`labctl faults check`: whether a catalogue is sound, without a lab."""

from __future__ import annotations

from collections.abc import Sequence

import typer
from rich.text import Text

from labctl.actions import catalogue as action
from labctl.base.errors import EXIT_ERROR
from labctl.base.text import number_of, visible
from labctl.catalogue.catalogue_check import Finding
from labctl.cli import console
from labctl.cli.options import CatalogueOption, JsonOption


def check(folder: CatalogueOption = None, as_json: JsonOption = False) -> None:
    """Check the shipped catalogue, or the faults in a folder of yours; list problems by file and field, then exit 1."""
    answer = action.check(folder)
    console.emit(answer, lambda: _show(answer.problems), as_json=as_json)
    if not answer.sound:
        raise typer.Exit(EXIT_ERROR)


def _show(found: Sequence[Finding]) -> None:
    console.lines(Text(visible(str(each))) for each in found)
    places = (number_of(len(found), "problem"), number_of(len({each.file for each in found}), "file"))
    console.show("\n{} in {}".format(*places) if found else "The catalogue is sound.")
