"""`labctl logs`: what the services wrote.

With --json: {"query", "start", "end", "lines": [{"at", "level", "service", "message", "request_id", "trace_id",
"span_id", "attributes"}]}, the oldest first; what a line does not have is "".
"""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.text import Text

from labctl.base.errors import NotFoundError
from labctl.base.names import DEFAULT_NAME
from labctl.base.text import visible
from labctl.base.times import iso, local_time_ms, parse_duration
from labctl.cli import console
from labctl.cli.options import JsonOption, LimitOption, NameOption, ServiceOption, SinceOption
from labctl.lab.lab import Lab
from labctl.lookups.logql import Wanted
from labctl.lookups.logs import LogLine
from labctl.lookups.trace_ids import whole_id

_STYLES = {"error": "bold red", "critical": "bold red", "fatal": "bold red", "warning": "yellow", "warn": "yellow"}
_ASIDE = ("code_", "exception_stacktrace", "otel_", "telemetry_", "deployment_", "service_", "scope_name", "instance")
"""Attributes that --json has and a line on the screen does without, like those whose value the message says."""
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
    end = time.time()
    start = end - parse_duration(since, "--since")
    lab = Lab.open(name)
    trace_id = whole_id(trace, lab.traces, lab.logs, start=start, end=end) if trace else None
    wanted = Wanted(service or None, grep or None, trace_id)
    query = wanted.logql()
    lab.store.journal.looked_up("logs", query=query, since=since)
    found = lab.logs.search(wanted, start, end, limit)
    if not found and service:
        _check_service(lab, service)
    answer = {"query": query, "start": iso(start), "end": iso(end), "lines": [_document(line) for line in found]}
    console.emit(answer, lambda: _show(found, limit), as_json=as_json)


def _check_service(lab: Lab, service: str) -> None:
    known = lab.logs.services()
    if service not in known:
        raise NotFoundError("service that logs", service, known)


def _document(line: LogLine) -> dict[str, Any]:
    return {**asdict(line), "at": iso(line.at)}


def _show(lines: list[LogLine], limit: int) -> None:
    console.lines(map(_line, lines))
    if not lines:
        console.note("no log line matches; try a longer --since")
    elif len(lines) == limit:
        console.note(f"shown: the newest {limit} lines; --limit for more, --grep for fewer")


def _line(line: LogLine) -> Text:
    style = _STYLES.get(line.level, "")
    text = Text(f"{local_time_ms(line.at)} ")
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
