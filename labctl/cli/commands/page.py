"""`labctl page`: the page that the on-call engineer got, and the clock."""

from __future__ import annotations

from typing import Annotated

import typer

from labctl.actions import alerts
from labctl.actions import incident as action
from labctl.base.names import DEFAULT_NAME
from labctl.base.times import local_time
from labctl.cli import console, page_view
from labctl.cli.options import JsonOption, NameOption

FollowOption = Annotated[
    bool,
    typer.Option("--follow", "-f", help="Then show each page as it fires or resolves, until the incident is over."),
]


def page(follow: FollowOption = False, name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """Show the page again, the clock, the time left, and when the next status update is due."""
    page_view.emit(action.page(name), as_json=as_json)
    if follow:
        _follow(name, as_json=as_json)


def _follow(name: str, *, as_json: bool) -> None:
    for change in alerts.follow(name):
        console.emit(change, lambda shown=change: _show(shown), as_json=as_json)  # type: ignore[misc]


def _show(change: alerts.AlertChange) -> None:
    at = local_time(change.at.timestamp())
    console.show(f"{at} {change.state.upper():8} {change.alert} ({change.service}): {change.summary}")
