"""`labctl changes`: the lab's change feed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.padding import Padding
from rich.text import Text

from labctl.actions import changes as action
from labctl.actions.changes import Change
from labctl.base.names import DEFAULT_NAME
from labctl.base.text import visible
from labctl.base.times import ago, local_time
from labctl.cli import console
from labctl.cli.options import JsonOption, NameOption

_COLUMNS = ("TIME", "", "KIND", "COMPONENT", "SUMMARY", "CHANGE", "AUTHOR")


def changes(
    since: Annotated[
        str, typer.Option("--since", metavar="DURATION", help="How far back: 90s, 5m, 1h, …; all if not given.")
    ] = "",
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """List the lab's releases, migrations and changes of configuration and feature flags."""
    answer = action.changes(name, since)
    console.emit(answer, lambda: _show(answer.changes), as_json=as_json)


def _show(found: Sequence[Change]) -> None:
    now = time.time()
    rows = [_row(each, now) for each in found]
    if console.fits(_COLUMNS, rows):
        console.table(_COLUMNS, rows)
    else:
        _show_below_each_other(rows)
    console.note("labctl diff SERVICE shows what a service's last change was" if found else "nothing was changed")


def _show_below_each_other(rows: Sequence[tuple[str, ...]]) -> None:
    """Print each change in lines of its own, since no line has room for all columns."""
    for at, since, kind, component, title, step, author in rows:
        console.show(Text(f"{at} ({since})  {component}: {kind}", style="bold"))
        for text in (title, step, f"by {author}" if author else ""):
            if text:
                console.show(Padding(Text(visible(text), overflow="fold"), (0, 0, 0, 2)))


def _row(change: Change, now: float) -> tuple[str, ...]:
    at = change.at.timestamp()
    title = change.summary.partition("\n")[0]
    step = " → ".join(text for text in (change.old, change.new) if text)
    return local_time(at), ago(at, now), change.kind, change.component, title, step, change.author
