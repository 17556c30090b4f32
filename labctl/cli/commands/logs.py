"""`labctl logs`: the services' log lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.text import Text

from labctl.actions import logs as action
from labctl.actions.logs import Line
from labctl.base.names import DEFAULT_NAME
from labctl.base.text import visible
from labctl.base.times import local_time_ms
from labctl.cli import console
from labctl.cli.options import JsonOption, LimitOption, NameOption, ServiceOption, SinceOption

_STYLES = {"error": "bold red", "critical": "bold red", "fatal": "bold red", "warning": "yellow", "warn": "yellow"}
_ASIDE = ("code_", "exception_stacktrace", "otel_", "telemetry_", "deployment_", "service_", "scope_name", "instance")
"""Attributes that only --json prints; a line on the screen also leaves out values that the message contains."""
_LEVEL_WIDTH = 7
_SERVICE_WIDTH = 10


def logs(
    *,
    service: ServiceOption = "",
    grep: Annotated[str, typer.Option("--grep", metavar="REGEX", help="Lines that match.")] = "",
    trace: Annotated[str, typer.Option("--trace", metavar="ID", help="Lines of one trace.")] = "",
    since: SinceOption = "2m",
    limit: LimitOption = 100,
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Show the newest log lines: of a service, matching a regular expression, of a trace."""
    answer = action.logs(name, service=service, grep=grep, trace=trace, since=since, limit=limit)
    console.emit(answer, lambda: _show(answer.lines, limit), as_json=as_json)


def _show(lines: Sequence[Line], limit: int) -> None:
    console.lines(map(_line, lines))
    if not lines:
        console.note("no log line matches; try a longer --since")
    elif len(lines) == limit:
        console.note(f"shown: the newest {limit} lines; --limit for more, --grep for fewer")


def _line(line: Line) -> Text:
    style = _STYLES.get(line.level, "")
    text = Text(f"{local_time_ms(line.at.timestamp())} ")
    text.append(f"{visible(line.level):{_LEVEL_WIDTH}} ", style=style)
    text.append(f"{visible(line.service):{_SERVICE_WIDTH}} ", style="cyan")
    text.append(visible(line.message), style=style)
    said = line.message.split()
    for key, value in line.attributes.items():
        if value not in said and not key.startswith(_ASIDE):
            text.append(f" {visible(key)}={visible(value)}", style="dim")
    if line.request_id:
        text.append(f" request_id={visible(line.request_id)}", style="dim")
    return text
