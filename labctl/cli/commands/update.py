"""`labctl update`: tell everybody who waits how the incident stands."""

from __future__ import annotations

from typing import Annotated

import typer

from labctl.actions import logbook as action
from labctl.base.names import DEFAULT_NAME
from labctl.base.times import local_time
from labctl.cli import console, logbook_view
from labctl.cli.options import JsonOption, NameOption

TextArgument = Annotated[
    str | None, typer.Argument(metavar="TEXT", help="What users feel, what is known, what is done next.")
]


def update(text: TextArgument = None, name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """Give a status update: one is due five minutes after the page, and after each update. Without TEXT, list them."""
    answer = action.status_updates(name) if text is None else action.update(name, text)
    console.emit(answer, lambda: _show(answer), as_json=as_json)


def _show(found: action.Updates) -> None:
    logbook_view.show_updates(found.updates)
    if found.next_due_at is not None:
        console.note(f"the next update is due at {local_time(found.next_due_at.timestamp())}")
