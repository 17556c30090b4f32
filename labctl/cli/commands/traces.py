"""`labctl traces`: the newest requests."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from labctl.actions import traces as action
from labctl.actions.traces import TraceFilter, TraceFound, Traces
from labctl.base.names import DEFAULT_NAME
from labctl.base.text import clipped
from labctl.base.times import local_time_ms, show_duration
from labctl.cli import console
from labctl.cli.layout import Layout
from labctl.cli.options import JsonOption, LimitOption, NameOption, ServiceOption, SinceOption

ID_SHOWN = 16
"""Digits of an id in the table: enough for `labctl trace`, and a line still fits a terminal."""
NAME_SHOWN = 80
SERVICES_SHOWN = 240

# A part of an id finds no trace.
_LAYOUT = Layout(spare=("SERVICES", "SPANS", "START"), whole=("START", "DURATION", "ERRORS", "ID"))


def traces(
    *,
    service: ServiceOption = "",
    operation: Annotated[
        str, typer.Option("--operation", metavar="TEXT", help="Of operations with this in their name.")
    ] = "",
    min_ms: Annotated[float, typer.Option("--min-ms", metavar="MS", help="With a span at least this long.")] = 0.0,
    errors: Annotated[bool, typer.Option("--errors", help="With a span that failed.")] = False,
    since: SinceOption = "5m",
    limit: LimitOption = 20,
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """List the newest traces: of a service, of an operation, slow ones, failed ones."""
    answer = action.traces(name, TraceFilter(service, operation, min_ms, errors), since=since, limit=limit)
    console.emit(answer, lambda: _show(answer), as_json=as_json)


def _show(answer: Traces) -> None:
    console.table(
        ("START", "DURATION", "OPERATION", "SERVICES", "SPANS", "ERRORS", "ID"),
        map(_row, answer.traces),
        layout=_LAYOUT,
    )
    if not answer.traces:
        console.note("no trace matches; try a longer --since or a smaller --min-ms")
    elif answer.cut:
        console.note(f"shown: the newest {len(answer.traces)}; {answer.cut}; --limit for more")


def _row(trace: TraceFound) -> tuple[object, ...]:
    services = ", ".join(f"{clipped(service, NAME_SHOWN)} {spans}" for service, spans in trace.services.items())
    return (
        local_time_ms(trace.start.timestamp()),
        Text(show_duration(trace.duration_s), justify="right"),
        f"{clipped(trace.service, NAME_SHOWN)}: {clipped(trace.operation, NAME_SHOWN)}",
        clipped(services, SERVICES_SHOWN),
        Text(str(trace.spans), justify="right"),
        Text(str(trace.errors), style="bold red" if trace.errors else "", justify="right"),
        trace.id[:ID_SHOWN],
    )
