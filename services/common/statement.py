"""SQL statements with a name, and running them with span, duration and a comment that leads back to the request."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from opentelemetry.trace import SpanKind, StatusCode
from psycopg import Connection, Cursor
from psycopg.rows import DictRow

from services.common import instruments, request_context
from services.common.tracing import traceparent, tracer


@dataclass(frozen=True)
class Statement:
    """`summary` is operation and target, such as "SELECT payments"; `text` uses psycopg's named parameters."""

    summary: str
    text: str

    @property
    def operation(self) -> str:
        """SELECT, INSERT, UPDATE, ..."""
        return self.summary.split(" ", 1)[0]


@dataclass(frozen=True)
class Session:
    """A connection, and the ways to run statements on it."""

    connection: Connection[DictRow]

    def transaction(self) -> AbstractContextManager[psycopg.Transaction]:
        """Open a transaction, or a savepoint inside one."""
        return self.connection.transaction()

    @contextmanager
    def limited(self, seconds: float) -> Iterator[None]:
        """Have Postgres cancel each statement inside after `seconds`; the limit ends with the transaction it opens."""
        with self.transaction():
            self.connection.execute(f"SET LOCAL statement_timeout = {max(1, round(seconds * 1000))}".encode())
            yield

    def rows(self, statement: Statement, parameters: Mapping[str, Any] | None = None) -> list[DictRow]:
        """Run a statement and return all its rows."""
        with self._run(statement, parameters) as cursor:
            return cursor.fetchall()

    def row(self, statement: Statement, parameters: Mapping[str, Any] | None = None) -> DictRow | None:
        """Run a statement and return its first row, if any."""
        with self._run(statement, parameters) as cursor:
            return cursor.fetchone()

    def run(self, statement: Statement, parameters: Mapping[str, Any] | None = None) -> int:
        """Run a statement and return the number of rows that it touched."""
        with self._run(statement, parameters) as cursor:
            return cursor.rowcount

    @contextmanager
    def _run(self, statement: Statement, parameters: Mapping[str, Any] | None) -> Iterator[Cursor[DictRow]]:
        labels = {"db.operation.name": statement.operation, "db.query.summary": statement.summary}
        attributes = {"db.system.name": "postgresql", "db.query.text": statement.text.strip(), **labels}
        with tracer().start_as_current_span(
            statement.summary, kind=SpanKind.CLIENT, attributes=attributes, record_exception=False
        ) as span:
            started = time.perf_counter()
            try:
                text = statement.text.strip() + trace_comment()
                cursor = self.connection.execute(text.encode(), parameters or {})
            except psycopg.Error as error:
                span.set_attribute("db.response.status_code", error.sqlstate or "")
                span.set_status(StatusCode.ERROR, type(error).__name__)
                labels = {**labels, "error.type": type(error).__name__}
                raise
            finally:
                instruments.query_duration.record(time.perf_counter() - started, labels)
        with cursor:
            yield cursor


def trace_comment() -> str:
    """Return a comment in sqlcommenter's form, which shows in pg_stat_activity and the server's log."""
    fields = {"request_id": request_context.current(), "traceparent": traceparent()}
    pairs = ",".join(f"{key}='{value}'" for key, value in fields.items() if value)
    return f" /*{pairs}*/" if pairs else ""
