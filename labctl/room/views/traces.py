"""Traces: a search, its results over time and as a list, and one trace as a waterfall."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request

from labctl.actions import traces
from labctl.actions.traces import Span, Trace, TraceFilter, TraceFound, Traces
from labctl.base.errors import InputError
from labctl.model.services import SERVICES
from labctl.room.moments import moment
from labctl.room.problems import Part
from labctl.room.site import here
from labctl.room.view import View, looked, page
from labctl.room.views.spans import Bar, Scale

SPANS = ("1m", "5m", "15m", "1h")
LIMIT = 100
HEIGHT = 100.0


@dataclass(frozen=True)
class Dot:
    """A trace in the scatter of durations over time, within 1000 by HEIGHT."""

    trace: TraceFound
    x: float
    y: float


@dataclass(frozen=True)
class Row:
    """A span in the waterfall, and whether the critical path passes it."""

    span: Span
    bar: Bar
    critical: bool


def add(room: Blueprint) -> None:
    """Add the routes."""

    @room.get("/traces", endpoint="traces")
    def show() -> Response:
        given = {
            name: request.args.get(name, "") for name in ("service", "operation", "min_ms", "errors", "since", "until")
        }
        since, until = given["since"] or "5m", moment(given["until"]) if given["until"] else None
        lab = here().lab
        found: Part[Any] = looked(lambda: traces.traces(lab, _filter(given), since=since, limit=LIMIT, until=until))
        answer = found.value if isinstance(found.value, Traces) else None
        return page(
            "traces.html",
            found.status,
            asked={**given, "since": since},
            problem=found.problem,
            answer=answer,
            dots=list(dots(answer)) if answer else [],
            began=began(answer) if answer else None,
            slowest=max((each.duration_s for each in answer.traces), default=0.0) if answer else 0.0,
            spans=SPANS if since in SPANS else (*SPANS, since),
            services=sorted(SERVICES),
        )

    @room.get("/traces/<trace_id>", endpoint="trace")
    def one(trace_id: str) -> Response:
        lab = here().lab
        found: Part[Any] = looked(lambda: traces.trace(lab, trace_id)[0])
        trace = found.value if isinstance(found.value, Trace) else None
        return page(
            "trace.html",
            found.status,
            trace=trace,
            problem=found.problem,
            rows=rows(trace) if trace else [],
            asked_id=trace_id,
        )


def _filter(given: dict[str, str]) -> TraceFilter:
    try:
        least = float(given["min_ms"] or 0)
    except ValueError as error:
        raise InputError(f"'{given['min_ms']}' is no number of milliseconds", expected="such as 500") from error
    return TraceFilter(given["service"], given["operation"], least, bool(given["errors"]))


def dots(answer: Traces) -> Iterator[Dot]:
    """Yield a dot for each trace."""
    scale = Scale(began(answer).timestamp(), answer.end.timestamp())
    slowest = max((each.duration_s for each in answer.traces), default=0.0) or 1.0
    for each in answer.traces:
        yield Dot(each, scale.x(each.start.timestamp()), round(HEIGHT * (1 - each.duration_s / slowest), 2))


def began(answer: Traces) -> datetime:
    """Return from when on the traces are all there: where older ones match as well, from the oldest of these."""
    return min((each.start for each in answer.traces), default=answer.start) if answer.cut else answer.start


def rows(trace: Trace) -> list[Row]:
    """Return the spans as bars over the trace's duration."""
    scale = Scale(0.0, trace.duration_s or 1e-6)
    path = critical_path(trace.spans)
    return [
        Row(each, scale.bar(each.offset_s, each.offset_s + each.duration_s), each.id in path) for each in trace.spans
    ]


def critical_path(spans: Sequence[Span]) -> frozenset[str]:
    """Return the spans that the trace's duration is made of: from each, the child that ended last, and those before.

    Walking backwards from a span's end, the child that ends last before the present moment is waited for; the walk goes
    on from where that child began.
    """
    children: dict[str | None, list[Span]] = {}
    for each in spans:
        children.setdefault(each.parent_id, []).append(each)
    found: set[str] = set()
    left = [each for each in spans if each.depth == 0]
    while left:
        span = left.pop()
        if span.id in found:
            continue
        found.add(span.id)
        moment = span.offset_s + span.duration_s
        for child in sorted(children.get(span.id, ()), key=lambda each: each.offset_s + each.duration_s, reverse=True):
            if child.offset_s + child.duration_s <= moment + 1e-9 and child.id not in found:
                left.append(child)
                moment = child.offset_s
    return frozenset(found)


VIEW = View("traces", "Traces", "t", add)
