"""`labctl runbook`: how to look into an alert."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from labctl.actions import runbook as action
from labctl.base.names import DEFAULT_NAME
from labctl.cli import console
from labctl.cli.options import JsonOption, NameOption

AlertArgument = Annotated[
    str, typer.Argument(metavar="ALERT", help="The alert; without it, that of the last page.", show_default=False)
]


def runbook(alert: AlertArgument = "", name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """Show how to look into an alert: what it measures, how bad it is, where to look next. Never what it is."""
    answer = action.runbook(name, alert)
    # Line by line: a query that is broken at the terminal's edge could not be copied.
    console.emit(answer, lambda: console.lines(map(Text, answer.text.rstrip().splitlines())), as_json=as_json)
