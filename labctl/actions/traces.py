"""Finding traces, and showing the spans of one."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from labctl.actions.answer import Answer, moment
from labctl.actions.elsewhere import asked, reachable
from labctl.actions.looking import look
from labctl.base.errors import InputError
from labctl.base.text import checked, visible
from labctl.base.times import parse_duration
from labctl.lookups import spans, waterfall
from labctl.lookups.trace_ids import whole_id
from labctl.lookups.traces import Search

MICROSECOND = 6
"""Digits after the point of a second."""


@dataclass(frozen=True)
class TraceFound:
    """One trace of a list; service and operation are those of its root span."""

    id: str
    start: datetime
    duration_s: float
    service: str
    operation: str
    services: dict[str, int]
    """How many spans each service has."""
    spans: int
    errors: int


@dataclass(frozen=True)
class Traces(Answer):
    """Traces, the newest first, those that are not finished last; `cut` says why others that match are missing."""

    schema: ClassVar[str] = "labctl.traces/1"
    start: datetime
    end: datetime
    traces: tuple[TraceFound, ...]
    cut: str = ""


@dataclass(frozen=True)
class Event:
    """An event inside a span."""

    at: datetime
    attributes: dict[str, spans.Attribute]


@dataclass(frozen=True)
class Span:
    """One span: `depth` in the tree of spans, `offset_s` from the trace's start; `remark` says what is odd about it."""

    id: str
    parent_id: str | None
    depth: int
    service: str
    operation: str
    offset_s: float
    duration_s: float
    error: bool
    remark: str
    attributes: dict[str, spans.Attribute]
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Trace(Answer):
    """One trace, parents before children; `cut` says why spans are missing."""

    schema: ClassVar[str] = "labctl.trace/1"
    id: str
    start: datetime
    duration_s: float
    spans: tuple[Span, ...]
    cut: str = ""


@dataclass(frozen=True)
class TraceFilter:
    """Which traces to find, by service, a part of an operation's name, the longest span's `min_ms`, a failed span."""

    service: str = ""
    operation: str = ""
    min_ms: float = 0.0
    errors: bool = False


@reachable
def traces(
    name: str, wanted: TraceFilter, *, since: str = "5m", limit: int = 20, until: datetime | None = None
) -> Traces:
    """Return the newest traces of the `since` before `until`, or before now, that match `wanted`.

    Raises InputError, LookupFailedError.
    """
    if not 0 <= wanted.min_ms < 1e9:
        raise InputError(f"--min-ms: {wanted.min_ms:g} is not a duration in milliseconds", expected="such as 500")
    end = min(until.timestamp(), time.time()) if until else time.time()
    start = end - parse_duration(since, "--since")
    search = Search(
        start,
        end,
        service=checked(wanted.service, "--service") or None,
        operation=checked(wanted.operation, "--operation") or None,
        min_duration=wanted.min_ms / 1000 or None,
        errors=wanted.errors,
        limit=limit,
        brief=True,
    )
    lab = look(name, "traces", **vars(wanted), since=since)
    found = lab.traces.search(search)
    return Traces(moment(start), moment(end), tuple(map(_found, found.traces)), found.cut)


@reachable
def spans_of(name: str, trace_id: str, since: str = "1h") -> Trace:
    """Find a trace by the beginning of its id. Raises NotFoundError."""
    return trace(name, trace_id, since=since)[0]


def trace(name: str, trace_id: str, *, since: str = "1h") -> tuple[Trace, list[waterfall.Row]]:
    """Find a trace by the beginning of its id; return it, and the lines of its waterfall. Raises NotFoundError."""
    if asked():
        found_there = spans_of(name, trace_id, since)
        return found_there, drawn(found_there)
    end = time.time()
    start = end - parse_duration(since, "--since")
    lab = look(name, "trace", id=visible(trace_id))
    wanted = whole_id(trace_id, lab.traces, lab.logs, start=start, end=end)
    found = lab.traces.trace(wanted, start=start, end=end)
    lines = waterfall.rows(found)
    duration = round(found.duration, MICROSECOND)
    return Trace(found.id, moment(found.start), duration, tuple(map(_span, lines)), found.cut), lines


def drawn(found: Trace) -> list[waterfall.Row]:
    """Return the lines of a trace's waterfall, as they can be told from the answer."""
    branches = waterfall.branches([each.depth for each in found.spans])
    rows = zip(found.spans, branches, strict=True)
    return [
        waterfall.Row(_as_kept(each, found.start), each.depth, branch, each.offset_s, each.remark)
        for each, branch in rows
    ]


def _as_kept(span: Span, start: datetime) -> spans.Span:
    return spans.Span(
        id=span.id,
        parent_id=span.parent_id,
        service=span.service,
        operation=span.operation,
        start=start.timestamp() + span.offset_s,
        duration=span.duration_s,
        attributes=span.attributes,
        events=tuple(spans.Event(each.at.timestamp(), each.attributes) for each in span.events),
    )


def _found(trace: spans.Trace) -> TraceFound:
    return TraceFound(
        id=trace.id,
        start=moment(trace.start),
        duration_s=round(trace.duration, MICROSECOND),
        service=trace.root.service,
        operation=trace.root.operation,
        services=trace.spans_by_service,
        spans=len(trace.spans),
        errors=trace.errors,
    )


def _span(line: waterfall.Row) -> Span:
    span = line.span
    return Span(
        id=span.id,
        parent_id=span.parent_id,
        depth=line.depth,
        service=span.service,
        operation=span.operation,
        offset_s=round(line.offset, MICROSECOND),
        duration_s=round(span.duration, MICROSECOND),
        error=span.error,
        remark=line.remark,
        attributes=span.attributes,
        events=tuple(Event(moment(each.at), each.attributes) for each in span.events),
    )
