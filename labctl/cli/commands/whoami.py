"""`labctl whoami`: where one is logged in."""

from __future__ import annotations

from labctl.actions import login as action
from labctl.base.times import local_time
from labctl.cli import console
from labctl.cli.options import JsonOption


def whoami(as_json: JsonOption = False) -> None:
    """Show where you are logged in, and as whom."""
    answer = action.whoami()
    console.emit(answer, lambda: _show(answer), as_json=as_json)


def _show(found: action.Whoami) -> None:
    console.facts(
        {
            "room": found.url,
            "name": found.user or None,
            "team": found.team,
            "lab": found.lab or None,
            "labctl there": found.version or None,
            "since": local_time(found.since.timestamp()),
        }
    )
