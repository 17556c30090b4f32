"""`labctl diff`: the difference that a change made."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from labctl.actions import changes as action
from labctl.actions.changes import Difference
from labctl.base.names import DEFAULT_NAME
from labctl.base.text import visible_lines
from labctl.cli import console
from labctl.cli.options import JsonOption, NameOption, service_name

_STYLES = (("--- ", "bold"), ("+++ ", "bold"), ("@@", "cyan"), ("-", "red"), ("+", "green"))


def diff(
    service: Annotated[
        str, typer.Argument(metavar="SERVICE", help="The service that was changed.", callback=service_name)
    ],
    old: Annotated[str, typer.Argument(metavar="OLD", help="A version of the service.", show_default=False)] = "",
    new: Annotated[str, typer.Argument(metavar="NEW", help="A later version.", show_default=False)] = "",
    *,
    back: Annotated[
        int, typer.Option("--back", metavar="N", min=0, max=10_000, help="How many changes before the last one.")
    ] = 0,
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Show a service's last change (or an earlier one), or the source that changed between two of its versions."""
    answer = action.diff(name, service, old, new, back)
    console.emit(answer, lambda: _show(answer), as_json=as_json)


def _show(found: Difference) -> None:
    head = [f"{found.service}: {found.kind} {found.old} → {found.new}", found.summary]
    console.note("\n".join(visible_lines(line) for line in head if line))
    if not found.diff:
        console.note("no source or configuration differs")
        return
    lines = found.diff.removesuffix("\n").split("\n")
    if console.coloured():
        console.lines(Text(visible_lines(line), style=_style(line)) for line in lines)
    else:
        # A plain patch and nothing else on standard output: `labctl diff … | git apply` works.
        console.lines(map(Text, lines))


def _style(line: str) -> str:
    """Return the style of a diff's line; context lines keep the terminal's own colour, light or dark."""
    return next((style for start, style in _STYLES if line.startswith(start)), "")
