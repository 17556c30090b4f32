"""Jaeger's questions as SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from services.telemetry.deadline import Deadline
from services.telemetry.jaeger.model import StoredSpan
from services.telemetry.jaeger.params import TraceQuery
from services.telemetry.jaeger.tags import condition

SPAN_COLUMNS = "s.trace_id, s.service, s.body, o.body"
MAX_SPANS_A_TRACE = 20_000
# A call from another service begins a server's (2) or a consumer's (5) span: only those are read. Naming every service
# lets SQLite use the index on service and time, and CROSS JOIN keeps it from beginning with the parents instead.
CALLS = """
    SELECT parent.service, child.service, count(*) FROM spans child
    CROSS JOIN spans parent ON parent.trace_id = child.trace_id AND parent.span_id = child.parent_id
    WHERE child.service IN (SELECT service FROM operations) AND child.start_us BETWEEN ? AND ?
    AND child.kind IN (2, 5) AND child.service != parent.service
    GROUP BY 1, 2 ORDER BY 1, 2
"""


def services(connection: sqlite3.Connection) -> list[str]:
    """Return the names of services that have spans, sorted."""
    return [name for (name,) in connection.execute("SELECT DISTINCT service FROM operations ORDER BY service")]


def operations(connection: sqlite3.Connection, service: str) -> list[tuple[str, int]]:
    """Return a service's operations with their span kinds, sorted."""
    select = "SELECT name, kind FROM operations WHERE service = ? ORDER BY name, kind"
    return connection.execute(select, (service,)).fetchall()


def find(connection: sqlite3.Connection, query: TraceQuery, deadline: Deadline) -> list[bytes]:
    """Return the ids of the traces that match, newest first; read no more rows than that takes."""
    where = ["service = ?", "start_us BETWEEN ? AND ?"]
    parameters: list[str | int | bytes] = [query.service, query.start, query.end]
    for text, value in (
        ("operation = ?", query.operation or None),
        ("duration_us >= ?", query.min_duration),
        ("duration_us <= ?", query.max_duration),
    ):
        if value is not None:
            where.append(text)
            parameters.append(value)
    for key, wanted in query.tags.items():
        text, more = condition(key, wanted)
        where.append(text)
        parameters += more
    select = f"SELECT trace_id FROM spans WHERE {' AND '.join(where)} ORDER BY start_us DESC"  # noqa: S608
    return _distinct(deadline.watch(connection.execute(select, parameters)), query.limit)


def _distinct(rows: Iterable[tuple[bytes]], limit: int) -> list[bytes]:
    found: dict[bytes, None] = {}
    for (trace_id,) in rows:
        if len(found) >= limit:
            break
        found[trace_id] = None
    return list(found)


def traces(connection: sqlite3.Connection, ids: Sequence[bytes], deadline: Deadline) -> list[list[StoredSpan]]:
    """Return the spans of each trace in the order of the ids; traces that are not there are left out."""
    select = f"SELECT {SPAN_COLUMNS} FROM spans s JOIN origins o ON o.id = s.origin WHERE s.trace_id = ? LIMIT ?"  # noqa: S608
    found = []
    for trace_id in ids:
        deadline.check()
        rows = connection.execute(select, (trace_id, MAX_SPANS_A_TRACE)).fetchall()
        if rows:
            found.append([StoredSpan(*row) for row in rows])
    return found


def dependencies(connection: sqlite3.Connection, start_us: int, end_us: int) -> list[tuple[str, str, int]]:
    """Return caller, callee and number of calls between different services, for spans that began in the window (µs)."""
    return connection.execute(CALLS, (start_us, end_us)).fetchall()
