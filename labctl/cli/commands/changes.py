"""`labctl changes`: what was changed, as an on-call engineer would read it.

With --json: {"changes": [{"id", "at", "kind", "component", "summary", "old", "new", "author"}]}, the oldest first.
"""

from __future__ import annotations

import time
from typing import Annotated, Any

import typer

from labctl.base.names import DEFAULT_NAME
from labctl.base.times import ago, iso, local_time, parse_duration
from labctl.cli import console
from labctl.cli.options import JsonOption, NameOption
from labctl.lab.lab import Lab
from labctl.state.change_feed import Change


def changes(
    since: Annotated[
        str, typer.Option("--since", metavar="DURATION", help="How far back: 90s, 5m, 1h, …; all if not given.")
    ] = "",
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """List releases, configuration changes and migrations of the lab."""
    start = time.time() - parse_duration(since, "--since") if since else 0.0
    lab = Lab.open(name)
    lab.store.journal.looked_up("changes", since=since)
    found = lab.store.changes.list(since=start)
    console.emit({"changes": [_document(each) for each in found]}, lambda: _show(found), as_json=as_json)


def _document(change: Change) -> dict[str, Any]:
    return {
        "id": change.id,
        "at": iso(change.at),
        "kind": change.kind,
        "component": change.component,
        "summary": change.summary,
        "old": change.old,
        "new": change.new,
        "author": change.author,
    }


def _show(found: list[Change]) -> None:
    now = time.time()
    console.table(
        ("TIME", "", "KIND", "COMPONENT", "SUMMARY", "CHANGE", "AUTHOR"),
        (
            (
                local_time(each.at),
                ago(each.at, now),
                each.kind,
                each.component,
                each.title,
                _step(each),
                each.author,
            )
            for each in found
        ),
    )
    console.note("labctl diff SERVICE shows what a service's last change was" if found else "nothing was changed")


def _step(change: Change) -> str:
    return " → ".join(text for text in (change.old, change.new) if text)
