"""Traces as lists show them: their spans without attributes and events, which take most of an answer's time and size.

That a span failed, and which span it follows, stays: a search says both of whole traces, too. Nearly every span is
read from its columns alone; its body is, where only the body tells.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from services.telemetry.deadline import Deadline, QueryTimeoutError
from services.telemetry.jaeger import model, search

Json = dict[str, Any]
ERROR = "error"
FAILED = {"key": ERROR, "type": "bool", "value": True}
# A root may follow from another trace's or another span by a link, and a service may have marked a span by itself.
ROWS = """
    SELECT span_id, parent_id, service, operation, start_us, duration_us, status,
        CASE WHEN parent_id = x'' OR instr(body, ?) > 0 THEN body END
    FROM spans WHERE trace_id = ? ORDER BY start_us, id LIMIT ?
"""
MARKED = KeyValue(key=ERROR).SerializeToString()
"""How the attribute begins in a body, whatever its value."""
Row = tuple[bytes, bytes, str, str, int, int, int, bytes | None]


def pieces(connection: sqlite3.Connection, trace_id: bytes, deadline: Deadline) -> Iterator[str]:
    """Write one trace, the earliest span first; nothing for one that is not there."""
    processes: dict[str, str] = {}
    seen: set[bytes] = set()
    cut: list[str] = []
    for row in _rows(connection, trace_id, deadline, cut):
        if row[0] in seen:
            continue
        process = processes.setdefault(row[2], f"p{len(processes) + 1}")
        yield ("," if seen else f'{{"traceID":"{trace_id.hex()}","spans":[') + model.compact(
            _span(trace_id, row, process)
        )
        seen.add(row[0])
    if seen:
        named = {process: {"serviceName": service, "tags": []} for service, process in processes.items()}
        yield f'],"processes":{model.compact(named)},"warnings":{model.compact(cut or None)}}}'


def _rows(connection: sqlite3.Connection, trace_id: bytes, deadline: Deadline, cut: list[str]) -> Iterator[Row]:
    """Yield a trace's spans; says in `cut` when it ends before the last of them."""
    most = search.MAX_SPANS_A_TRACE
    try:
        for number, row in enumerate(deadline.watch(connection.execute(ROWS, (MARKED, trace_id, most + 1)))):
            if number == most:
                cut.append(f"cut at {most} spans: the trace has more than an answer may hold")
                return
            yield row
    except (QueryTimeoutError, sqlite3.OperationalError):
        if not deadline.expired():
            raise
        cut.append(f"cut: reading took longer than {deadline.seconds:g} s")


def _span(trace_id: bytes, row: Row, process: str) -> Json:
    span_id, parent_id, _, operation, start, duration, status, body = row
    sent = Span.FromString(body) if body is not None else None
    parent = [model.reference("CHILD_OF", trace_id, parent_id)] if parent_id else []
    failed = status == Status.StatusCode.STATUS_CODE_ERROR
    return {
        "traceID": trace_id.hex(),
        "spanID": span_id.hex(),
        "operationName": operation,
        "references": [*model.references(sent)] if sent else parent,
        "startTime": start,
        "duration": duration,
        "tags": [FAILED] if failed else [*_marks(sent)] if sent else [],
        "processID": process,
    }


def _marks(span: Span) -> Iterator[Json]:
    return (model.tag(item) for item in span.attributes if item.key == ERROR)
