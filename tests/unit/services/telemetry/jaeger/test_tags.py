from __future__ import annotations

from collections.abc import Callable

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from services.telemetry.jaeger.tags import condition
from services.telemetry.store.reader import Reader
from tests.support.otlp import attributes, span, traces


@pytest.fixture
def matches(stored: Callable[..., None], reader: Reader) -> Callable[[str, str], bool]:
    tags = {"code": 500, "ratio": 0.5, "ok": True, "route": "/payments", "same": "500", "list": ["x"], "empty": ""}
    event = Span.Event(name="retry", attributes=attributes({"attempt": 3}))
    stored(traces(span(tags=tags, error=True, events=[event]), host_name="h1"))

    def ask(key: str, value: str) -> bool:
        where, parameters = condition(key, value)
        with reader.open() as (connection, _):
            return connection.execute(f"SELECT 1 FROM spans WHERE {where}", parameters).fetchall() != []  # noqa: S608

    return ask


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("code", "500"),
        ("ratio", "0.5"),
        ("ok", "true"),
        ("route", "/payments"),
        ("same", "500"),
        ("empty", ""),
        ("attempt", "3"),
        ("host.name", "h1"),
        ("service.name", "payments"),
        ("error", "true"),
        ("span.kind", "server"),
        ("otel.status_code", "ERROR"),
    ],
)
def test_a_tag_is_found_whatever_its_type(matches: Callable[[str, str], bool], key: str, value: str) -> None:
    assert matches(key, value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("code", "50"),
        ("code", "5000"),
        ("ode", "500"),
        ("route", "/payment"),
        ("route", "payments"),
        ("ok", "false"),
        ("missing", "x"),
        ("empty", "x"),
        ("error", "false"),
        ("span.kind", "client"),
        ("otel.status_code", "OK"),
        ("code", "nan"),
        ("code", "9" * 400),
    ],
)
def test_nothing_else_is(matches: Callable[[str, str], bool], key: str, value: str) -> None:
    assert not matches(key, value)
