"""`labctl faults new`: the skeleton of a fault."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

from labctl.actions import catalogue as action
from labctl.cli import console
from labctl.cli.options import CatalogueOption


def new(
    fault: Annotated[str, typer.Argument(metavar="NAME", help="The fault's id, such as risk-cache-too-small.")],
    folder: CatalogueOption = None,
) -> None:
    """Write the skeleton of a fault, its test and its catalogue line: in this checkout, or in a folder of yours."""
    written = action.new(fault, folder)
    for path in written:
        console.show(f"wrote {path}")
    flag = f" --catalogue {shlex.quote(str(folder))}" if folder else ""
    console.show(f"\nNext: fill in what labctl faults check{flag} lists; docs/write-a-fault.md says how.")
    console.show(f"Then: labctl verify {fault}{flag}" + ("" if folder else ", and make docs"))
