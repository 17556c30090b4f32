"""`labctl logs`: the services' log lines."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from labctl.actions import logs as action
from labctl.actions.logs import Line, Logs, Wanted
from labctl.base.names import DEFAULT_NAME
from labctl.base.text import clipped, number_of, visible
from labctl.base.times import local_time_ms
from labctl.cli import console
from labctl.cli.options import JsonOption, LimitOption, NameOption, ServiceOption, SinceOption

_STYLES = {"error": "bold red", "critical": "bold red", "fatal": "bold red", "warning": "yellow", "warn": "yellow"}
_ASIDE = ("code_", "exception_stacktrace", "otel_", "telemetry_", "deployment_", "service_", "scope_name", "instance")
"""Attributes that only --json prints; a line on the screen also leaves out values that the message contains."""
_LEVEL_WIDTH = 7
_NAME_SHOWN = 80
_VALUE_SHOWN = 400
_MESSAGE_SHOWN = 4000
_SERVICE_WIDTH = 10


def logs(
    *,
    service: ServiceOption = "",
    grep: Annotated[str, typer.Option("--grep", metavar="REGEX", help="Lines that match.")] = "",
    level: Annotated[
        str, typer.Option("--level", metavar="LEVEL", help="Of this level and worse: warn, error, …")
    ] = "",
    trace: Annotated[str, typer.Option("--trace", metavar="ID", help="Lines of one trace.")] = "",
    since: SinceOption = "2m",
    limit: LimitOption = 100,
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Show the newest log lines: of a service, of a level, matching a regular expression, of a trace."""
    answer = action.logs(name, Wanted(service, grep, trace, level), since=since, limit=limit)
    console.emit(answer, lambda: _show(answer), as_json=as_json)


def _show(answer: Logs) -> None:
    console.lines(map(_line, answer.lines))
    if not answer.lines:
        console.note("no log line matches; try a longer --since")
    elif answer.cut:
        console.note(f"shown: the newest {number_of(len(answer.lines), 'line')}; {answer.cut}; --limit for more")


def _line(line: Line) -> Text:
    style = _STYLES.get(line.level, "")
    text = Text(f"{local_time_ms(line.at.timestamp())} ")
    text.append(f"{visible(line.level):{_LEVEL_WIDTH}} ", style=style)
    text.append(f"{visible(clipped(line.service, _NAME_SHOWN)):{_SERVICE_WIDTH}} ", style="cyan")
    text.append(visible(clipped(line.message, _MESSAGE_SHOWN)), style=style)
    said = line.message.split()
    for key, value in line.attributes.items():
        if value not in said and not key.startswith(_ASIDE):
            text.append(f" {visible(clipped(key, _NAME_SHOWN))}={visible(clipped(value, _VALUE_SHOWN))}", style="dim")
    if line.request_id:
        text.append(f" request_id={visible(clipped(line.request_id, _VALUE_SHOWN))}", style="dim")
    return text
