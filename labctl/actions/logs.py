"""Reading the services' logs."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import ClassVar

from labctl.actions.answer import Answer, moment
from labctl.actions.looking import look
from labctl.base.errors import NotFoundError
from labctl.base.times import parse_duration
from labctl.lab.lab import Lab
from labctl.lookups.logql import LineFilter
from labctl.lookups.logs import LogLine
from labctl.lookups.trace_ids import whole_id


@dataclass(frozen=True)
class Line:
    """One log line; a field that it lacks is empty."""

    at: datetime
    level: str
    service: str
    message: str
    request_id: str = ""
    trace_id: str = ""
    span_id: str = ""
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Logs(Answer):
    """The newest lines that match, the oldest of them first."""

    schema: ClassVar[str] = "labctl.logs/1"
    query: str
    start: datetime
    end: datetime
    lines: tuple[Line, ...]


def logs(name: str, *, service: str = "", grep: str = "", trace: str = "", since: str = "2m", limit: int = 100) -> Logs:
    """Return the newest lines: of a service, matching a regular expression, of a trace (by the beginning of its id).

    Raises InputError, LookupFailedError, NotFoundError for a service that has never logged.
    """
    end = time.time()
    start = end - parse_duration(since, "--since")
    lab = Lab.open(name)
    trace_id = whole_id(trace, lab.traces, lab.logs, start=start, end=end) if trace else None
    wanted = LineFilter(service or None, grep or None, trace_id)
    query = wanted.logql()
    look(name, "logs", query=query, since=since)
    found = lab.logs.search(wanted, start, end, limit)
    if not found and service:
        _require_known(lab, service)
    return Logs(query, moment(start), moment(end), tuple(map(_line, found)))


def _require_known(lab: Lab, service: str) -> None:
    known = lab.logs.services()
    if service not in known:
        raise NotFoundError("service that logs", service, known)


def _line(line: LogLine) -> Line:
    return Line(**{**asdict(line), "at": moment(line.at)})
