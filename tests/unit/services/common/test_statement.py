from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
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

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self.sent.append(("BEGIN", None))
        try:
            yield
        except BaseException:
            self.sent.append(("ROLLBACK", None))
            raise
        self.sent.append(("COMMIT", None))

    def execute(self, text: bytes, parameters: Any = None) -> Cursor:
        self.sent.append((text.decode(), parameters))
        if self.error:
            raise self.error
        return Cursor()


def session(connection: Connection) -> Session:
    return Session(connection)


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


def test_a_limit_holds_for_a_transaction_and_goes_with_it() -> None:
    connection = Connection()
    with session(connection).limited(0.05):
        session(connection).run(PICK)
    begin, limit, picked, end = (text for text, _ in connection.sent)
    assert (begin, limit, end) == ("BEGIN", "SET LOCAL statement_timeout = 50", "COMMIT")
    assert picked.startswith("SELECT 1 AS one")


def test_what_is_cancelled_within_a_limit_is_rolled_back() -> None:
    connection = Connection()
    with pytest.raises(psycopg.errors.QueryCanceled), session(connection).limited(0.05):
        raise psycopg.errors.QueryCanceled
    assert connection.sent[-1] == ("ROLLBACK", None)


@given(st.floats(0, 60))
def test_a_limit_is_in_whole_milliseconds_and_never_none_at_all(seconds: float) -> None:
    connection = Connection()
    with session(connection).limited(seconds):
        pass
    milliseconds = int(connection.sent[1][0].removeprefix("SET LOCAL statement_timeout = "))
    assert milliseconds >= 1, "0 would be no limit"
    assert abs(milliseconds - seconds * 1000) <= 1


def test_without_request_there_is_no_comment() -> None:
    assert trace_comment() == ""
