"""`labctl traces`: which requests there were.

With --json: {"start", "end", "traces": [{"id", "start", "duration_s", "service", "operation", "services": {name:
spans}, "spans", "errors"}]}, the newest first; service and operation are those of the root.
"""

from __future__ import annotations

import time
from typing import Annotated, Any

import typer
from rich.text import Text

from labctl.base.errors import InputError
from labctl.base.names import DEFAULT_NAME
from labctl.base.text import checked
from labctl.base.times import iso, local_time_ms, parse_duration, show_duration
from labctl.cli import console
from labctl.cli.options import JsonOption, LimitOption, NameOption, ServiceOption, SinceOption
from labctl.lab.lab import Lab
from labctl.lookups.spans import Trace
from labctl.lookups.traces import Search

ID_SHOWN = 16
"""Digits of an id in the table: enough for `labctl trace`, and a line still fits a terminal."""


def traces(
    *,
    service: ServiceOption = "",
    operation: Annotated[str, typer.Option("--operation", metavar="NAME", help="Of this operation.")] = "",
    min_ms: Annotated[float, typer.Option("--min-ms", metavar="MS", help="With a span at least this long.")] = 0.0,
    errors: Annotated[bool, typer.Option("--errors", help="With a span that failed.")] = False,
    since: SinceOption = "5m",
    limit: LimitOption = 20,
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """List the newest traces: of a service, of an operation, slow ones, failed ones."""
    if not 0 <= min_ms < 1e9:
        raise InputError(f"--min-ms: {min_ms:g} is not a duration in milliseconds", expected="such as 500")
    end = time.time()
    start = end - parse_duration(since, "--since")
    search = Search(
        start,
        end,
        service=checked(service, "--service") or None,
        operation=checked(operation, "--operation") or None,
        min_duration=min_ms / 1000 or None,
        errors=errors,
        limit=limit,
    )
    lab = Lab.open(name)
    lab.store.journal.looked_up(
        "traces", service=service, operation=operation, min_ms=min_ms, errors=errors, since=since
    )
    found = lab.traces.search(search)
    answer = {"start": iso(start), "end": iso(end), "traces": [document(trace) for trace in found]}
    console.emit(answer, lambda: _show(found, limit), as_json=as_json)


def document(trace: Trace) -> dict[str, Any]:
    """Return what the list tells of a trace."""
    return {
        "id": trace.id,
        "start": iso(trace.start),
        "duration_s": round(trace.duration, 6),
        "service": trace.root.service,
        "operation": trace.root.operation,
        "services": trace.spans_by_service,
        "spans": len(trace.spans),
        "errors": trace.errors,
    }


def _show(found: list[Trace], limit: int) -> None:
    console.table(
        ("START", "DURATION", "OPERATION", "SERVICES", "SPANS", "ERRORS", "ID"), (_row(trace) for trace in found)
    )
    if not found:
        console.note("no trace matches; try a longer --since or a smaller --min-ms")
    elif len(found) == limit:
        console.note(f"shown: the newest {limit}; --limit for more")


def _row(trace: Trace) -> tuple[object, ...]:
    services = ", ".join(f"{service} {spans}" for service, spans in trace.spans_by_service.items())
    return (
        local_time_ms(trace.start),
        Text(show_duration(trace.duration), justify="right"),
        f"{trace.root.service}: {trace.root.operation}",
        services,
        Text(str(len(trace.spans)), justify="right"),
        Text(str(trace.errors), style="bold red" if trace.errors else "", justify="right"),
        trace.id[:ID_SHOWN],
    )
