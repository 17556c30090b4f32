from __future__ import annotations

import logging
from typing import NoReturn

import pytest
from flask import Flask, jsonify
from flask.testing import FlaskClient
from opentelemetry.trace import SpanKind, StatusCode

from services.common import logs, origin
from services.common.app import create_app
from services.common.problem import ProblemError
from tests.support.observed import Observed

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def app() -> Flask:
    app = create_app("demo", "1")
    app.add_url_rule("/items/<item>", view_func=lambda item: jsonify(item=item), endpoint="item")

    @app.get("/observe-broken")
    def broken() -> NoReturn:
        raise ProblemError(503, "broken", "it is")

    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_a_request_is_a_server_span_under_its_caller(client: FlaskClient, observed: Observed) -> None:
    client.get("/items/7", headers={"traceparent": PARENT, "X-Request-Id": "r-7"})
    span = observed.span("GET /items/<item>")
    assert span.kind is SpanKind.SERVER
    assert span.parent is not None
    assert f"{span.parent.span_id:016x}" == "b7ad6b7169203331"
    assert span.attributes == {
        "http.request.method": "GET",
        "url.path": "/items/7",
        "url.scheme": "http",
        "http.route": "/items/<item>",
        "http.response.status_code": 200,
        "request.id": "r-7",
    }


def test_the_answer_names_its_trace(client: FlaskClient, observed: Observed) -> None:
    answer = client.get("/items/7")
    context = observed.span("GET /items/<item>").context
    assert context is not None
    assert answer.headers["traceresponse"].startswith(f"00-{context.trace_id:032x}-{context.span_id:016x}-0")
    assert "traceresponse" not in client.get("/healthz").headers


def test_a_server_error_marks_the_span(client: FlaskClient, observed: Observed) -> None:
    client.get("/observe-broken")
    assert observed.span("GET /observe-broken").status.status_code is StatusCode.ERROR


def test_duration_by_method_route_and_status(client: FlaskClient, observed: Observed) -> None:
    labels = {"http_request_method": "GET", "http_route": "/items/<item>", "http_response_status_code": 200}
    before = observed.count("http.server.request.duration", **labels)
    client.get("/items/1")
    client.get("/items/2")
    (point,) = observed.points("http.server.request.duration", **labels)
    assert point.count == before + 2
    assert 0.125 in point.explicit_bounds
    assert point.exemplars, "a bucket leads to a trace"


def test_paths_and_methods_of_strangers_make_no_new_labels(client: FlaskClient, observed: Observed) -> None:
    client.open("/wp-admin", method="BREW")
    for point in observed.points("http.server.request.duration"):
        assert "wp-admin" not in str(point.attributes)
        assert "BREW" not in str(point.attributes)
    assert observed.count("http.server.request.duration", http_request_method="_OTHER") >= 1


def test_health_checks_are_neither_traced_nor_logged(
    client: FlaskClient, observed: Observed, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        assert client.get("/healthz").headers["X-Request-Id"]
        client.get("/readyz")
    assert observed.spans() == []
    assert caplog.records == []
    assert observed.points("http.server.request.duration", http_route="/healthz") == []


def test_access_line(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        client.get("/items/" + "x" * 1000)
    (record,) = caplog.records
    assert vars(record)["route"] == "/items/<item>"
    assert vars(record)["status"] == 200
    assert vars(record)["duration_ms"] >= 0
    assert len(vars(record)["path"]) == 256


def figures(observed: Observed) -> tuple[float, float]:
    """Return how many requests were timed, and how many were counted as somebody's own."""
    return observed.count("http.server.request.duration"), observed.value("http.server.synthetic.requests")


@pytest.mark.parametrize(("key", "mark"), [("live-1", None), ("live-2", "test"), ("", "test")])
def test_a_request_without_the_live_key_is_marked_and_served_alike(
    client: FlaskClient, observed: Observed, caplog: pytest.LogCaptureFixture, key: str, mark: str | None
) -> None:
    caplog.handler.addFilter(logs.RequestFilter())
    origin.configure({origin.SETTING: "live-1"})
    before = figures(observed)
    try:
        with caplog.at_level(logging.INFO):
            assert client.get("/items/1", headers={origin.HEADER: key}).status_code == 200
    finally:
        origin.configure({})
    assert (observed.span("GET /items/<item>").attributes or {}).get(origin.ATTRIBUTE) == mark
    assert vars(caplog.records[-1]).get(origin.ATTRIBUTE) == mark
    timed, tried = (now - then for now, then in zip(figures(observed), before, strict=True))
    assert (timed, tried) == ((0, 1) if mark else (1, 0))
    assert "live-" not in str([vars(record) for record in caplog.records])
    assert origin.current() == ""
