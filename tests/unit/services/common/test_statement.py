from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from opentelemetry.trace import StatusCode

from services.common import request_context, tracing
from services.common.statement import Session, Statement, trace_comment
from tests.support.observed import Observed

PICK = Statement("SELECT things", "\n  SELECT 1 AS one WHERE %(a)s = 2\n")


class Cursor:
    rowcount = 1

    def __enter__(self) -> Cursor:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def fetchall(self) -> list[dict[str, int]]:
        return [{"one": 1}]

    def fetchone(self) -> dict[str, int]:
        return {"one": 1}


class Connection:
    """Stands for psycopg's: keeps what it was sent, fails when told so."""

    def __init__(self, error: Exception | None = None) -> None:
        self.sent: list[tuple[str, Any]] = []
        self.error = error

    def execute(self, text: bytes, parameters: Any) -> Cursor:
        self.sent.append((text.decode(), parameters))
        if self.error:
            raise self.error
        return Cursor()


def session(connection: Connection) -> Session:
    return Session(connection)  # type: ignore[arg-type]


@pytest.fixture
def request_id() -> Iterator[str]:
    token = request_context.bind("req-5")
    yield "req-5"
    request_context.release(token)


def test_rows_row_and_run() -> None:
    connection = Connection()
    assert session(connection).rows(PICK, {"a": 2}) == [{"one": 1}]
    assert session(connection).row(PICK, {"a": 2}) == {"one": 1}
    assert session(connection).run(PICK) == 1
    assert [parameters for _, parameters in connection.sent] == [{"a": 2}, {"a": 2}, {}]


def test_a_statement_leads_back_to_its_request(request_id: str, observed: Observed) -> None:
    connection = Connection()
    with tracing.tracer().start_as_current_span("request"):
        session(connection).run(PICK)
    span = observed.span("SELECT things")
    assert span.context is not None
    sent = connection.sent[0][0]
    assert sent.startswith("SELECT 1 AS one WHERE %(a)s = 2 /*request_id='req-5',traceparent='00-")
    assert f"{span.context.trace_id:032x}-{span.context.span_id:016x}-" in sent


def test_span_and_duration(observed: Observed) -> None:
    labels = {"db_operation_name": "SELECT", "db_query_summary": "SELECT things"}
    before = observed.count("db.client.operation.duration", **labels)
    session(Connection()).run(PICK)
    assert observed.count("db.client.operation.duration", **labels) == before + 1
    assert observed.span("SELECT things").attributes == {
        "db.system.name": "postgresql",
        "db.query.text": "SELECT 1 AS one WHERE %(a)s = 2",
        "db.operation.name": "SELECT",
        "db.query.summary": "SELECT things",
    }


def test_a_failing_statement_marks_its_span(observed: Observed) -> None:
    with pytest.raises(psycopg.errors.QueryCanceled):
        session(Connection(psycopg.errors.QueryCanceled("timeout"))).run(PICK)
    span = observed.span("SELECT things")
    assert span.status.status_code is StatusCode.ERROR
    assert observed.count("db.client.operation.duration", error_type="QueryCanceled") >= 1


def test_without_request_there_is_no_comment() -> None:
    assert trace_comment() == ""
