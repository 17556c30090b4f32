"""Jaeger's questions as SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import islice

from services.telemetry.deadline import Deadline, QueryTimeoutError
from services.telemetry.jaeger.model import StoredSpan
from services.telemetry.jaeger.params import TraceQuery
from services.telemetry.jaeger.tags import Condition, condition

PLACES = "SELECT id FROM spans WHERE trace_id = ? ORDER BY start_us, id LIMIT ?"
ONE_SPAN = "SELECT s.trace_id, s.service, s.body, o.body FROM spans s JOIN origins o ON o.id = s.origin WHERE s.id = ?"
MAX_SPANS_A_TRACE = 5_000
MAX_TRACE_BYTES = 8 * 1024 * 1024
MAX_OPERATIONS = 5_000
ANY_SERVICE = "*"
# A call from another service begins a server's (2) or a consumer's (5) span: only those are read. Naming every service
# lets SQLite use the index on service and time. A span has one parent, even where its id came twice: each child costs
# one look into the index of traces and spans, however large the trace is.
CALLS = """
    SELECT caller, callee, count(*) FROM (
        SELECT child.service AS callee, (
            SELECT parent.service FROM spans parent
            WHERE parent.trace_id = child.trace_id AND parent.span_id = child.parent_id LIMIT 1
        ) AS caller
        FROM spans child
        WHERE child.service IN (SELECT service FROM operations) AND child.start_us BETWEEN ? AND ?
        AND child.kind IN (2, 5) AND child.parent_id != x''
    ) WHERE caller != callee
    GROUP BY 1, 2 ORDER BY 1, 2
"""


def services(connection: sqlite3.Connection) -> list[str]:
    """Return the names of services that have spans, sorted."""
    return [name for (name,) in connection.execute("SELECT DISTINCT service FROM operations ORDER BY service")]


def operations(connection: sqlite3.Connection, service: str) -> list[tuple[str, int]]:
    """Return a service's operations with their span kinds, sorted."""
    select = "SELECT name, kind FROM operations WHERE service = ? ORDER BY name, kind LIMIT ?"
    return connection.execute(select, (service, MAX_OPERATIONS)).fetchall()


def find(connection: sqlite3.Connection, query: TraceQuery, deadline: Deadline) -> list[bytes]:
    """Return the ids of the traces that match, newest first, at most one more than the limit: it says that there are.

    No more rows are read than that takes.
    """
    chosen = services(connection) if query.service == ANY_SERVICE else [query.service]
    where, parameters = _conditions(connection, query)
    # One service's spans are in order of time already; all together would have to be sorted.
    select = f"SELECT start_us, trace_id FROM spans WHERE service = ? AND {where} ORDER BY start_us DESC"  # noqa: S608
    rows = [connection.execute(select, (service, *parameters)) for service in chosen]
    newest = merge(*rows, key=lambda row: -row[0])
    return _distinct((trace_id for _, trace_id in deadline.watch(newest)), query.limit + 1)


def _conditions(connection: sqlite3.Connection, query: TraceQuery) -> Condition:
    where = ["start_us BETWEEN ? AND ?"]
    parameters: list[str | int | bytes] = [query.start, query.end]
    for text, value in (
        ("operation = ?", query.operation or None),
        ("duration_us >= ?", query.min_duration),
        ("duration_us <= ?", query.max_duration),
    ):
        if value is not None:
            where.append(text)
            parameters.append(value)
    if query.operation_part:
        names = _operations_with(connection, query.operation_part)
        where.append(f"operation IN ({', '.join('?' * len(names))})")
        parameters += names
    for key, wanted in query.tags.items():
        text, more = condition(key, wanted)
        where.append(text)
        parameters += more
    return " AND ".join(where), parameters


def _operations_with(connection: sqlite3.Connection, part: str) -> list[str]:
    """Return the operations' names that contain a text, in capitals or not."""
    names = connection.execute("SELECT DISTINCT name FROM operations ORDER BY name")
    wanted = part.casefold()
    return list(islice((name for (name,) in names if wanted in name.casefold()), MAX_OPERATIONS))


def _distinct(ids: Iterable[bytes], limit: int) -> list[bytes]:
    found: dict[bytes, None] = {}
    for trace_id in ids:
        found[trace_id] = None
        if len(found) >= limit:
            break
    return list(found)


def spans(connection: sqlite3.Connection, trace_id: bytes, deadline: Deadline, cut: list[str]) -> Iterator[StoredSpan]:
    """Yield a trace's spans, the earliest first; says in `cut` when it ends before the last of them.

    Only their places are sorted: a large trace is never in memory.
    """
    size = 0
    try:
        for number, (place,) in enumerate(connection.execute(PLACES, (trace_id, MAX_SPANS_A_TRACE + 1)).fetchall()):
            if number == MAX_SPANS_A_TRACE or size > MAX_TRACE_BYTES:
                cut.append(f"cut at {number} spans: the trace has more than an answer may hold")
                return
            deadline.check()
            for row in connection.execute(ONE_SPAN, (place,)):
                found = StoredSpan(*row)
                size += len(found.body) + len(found.origin)
                yield found
    except (QueryTimeoutError, sqlite3.OperationalError):
        if not deadline.expired():
            raise
        cut.append(f"cut: reading took longer than {deadline.seconds:g} s")


def is_known(connection: sqlite3.Connection, trace_id: bytes) -> bool:
    """Whether a span of the trace is there."""
    return connection.execute("SELECT 1 FROM spans WHERE trace_id = ? LIMIT 1", (trace_id,)).fetchone() is not None


def dependencies(connection: sqlite3.Connection, start_us: int, end_us: int) -> list[tuple[str, str, int]]:
    """Return caller, callee and number of calls between different services, for spans that began in the window (µs)."""
    return connection.execute(CALLS, (start_us, end_us)).fetchall()
