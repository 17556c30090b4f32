"""The options that commands share, so that they mean and read the same everywhere."""

from __future__ import annotations

from typing import Annotated

import typer

from labctl.names import DEFAULT_NAME

NameOption = Annotated[
    str, typer.Option("--name", "-n", envvar="LABCTL_NAME", help="Which lab.", metavar="LAB", show_default=DEFAULT_NAME)
]
"""`name: NameOption = DEFAULT_NAME`; Lab.open and Lab.create check it."""
JsonOption = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
"""`as_json: JsonOption = False`; hand it to console.emit."""
