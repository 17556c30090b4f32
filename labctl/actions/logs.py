"""Reading the services' logs."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import ClassVar

from labctl.actions.answer import Answer, moment
from labctl.actions.elsewhere import reachable
from labctl.actions.looking import look
from labctl.base.errors import NotFoundError
from labctl.base.times import parse_duration
from labctl.lab.lab import Lab
from labctl.lookups.logql import LineFilter
from labctl.lookups.logs import LogLine
from labctl.lookups.trace_ids import whole_id
from labctl.model.services import SERVICES


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
    """The newest lines that match, the oldest of them first; `cut` says when older ones may match too."""

    schema: ClassVar[str] = "labctl.logs/1"
    query: str
    start: datetime
    end: datetime
    lines: tuple[Line, ...]
    cut: str = ""


@dataclass(frozen=True)
class Wanted:
    """Which lines: of a service, matching a regular expression, of a trace (the beginning of its id), of a level."""

    service: str = ""
    grep: str = ""
    trace: str = ""
    level: str = ""
    """This one and the worse ones."""


@reachable
def logs(name: str, which: Wanted, *, since: str = "2m", limit: int = 100, until: datetime | None = None) -> Logs:
    """Return the newest lines that match, of the `since` before `until`, or before now.

    Raises InputError, LookupFailedError; NotFoundError for no known service.
    """
    end = until.timestamp() if until else time.time()
    start = end - parse_duration(since, "--since")
    lab = Lab.open(name)
    # What can be refused is refused before anything is asked.
    LineFilter(which.service or None, which.grep or None, None, which.level or None).logql()
    trace_id = whole_id(which.trace, lab.traces, lab.logs, start=start, end=end) if which.trace else None
    wanted = LineFilter(which.service or None, which.grep or None, trace_id, which.level or None)
    query = wanted.logql()
    evidence = f"log:{{{which.service}}} {which.grep}" if which.service else f"log:{which.grep}"
    look(name, "logs", query=query, since=since, **({"evidence": evidence} if which.grep else {}))
    found = lab.logs.page(query, start, end, limit)
    if not found.lines and which.service:
        _require_known(lab, which.service)
    cut = f"cut at {len(found.lines)} lines; narrow with --since, --service, --level or --grep" if found.is_cut else ""
    return Logs(query, moment(start), moment(end), tuple(map(line_of, found.lines)), cut)


def _require_known(lab: Lab, service: str) -> None:
    """Let a service of the lab pass that has not logged yet."""
    known = {*lab.logs.services(), *SERVICES}
    if service not in known:
        raise NotFoundError("service that logs", service, known)


def line_of(line: LogLine) -> Line:
    """Return a line in the form that answers hold."""
    return Line(**{**asdict(line), "at": moment(line.at)})
