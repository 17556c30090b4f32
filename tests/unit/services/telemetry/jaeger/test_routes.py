from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from services.telemetry.app import Telemetry, create_app
from services.telemetry.deadline import Deadline
from services.telemetry.settings import Settings
from tests.support.otlp import SPAN, TRACE, span, traces

ENVELOPE = {"data", "total", "limit", "offset", "errors"}


@pytest.fixture
def jaeger(filled: Callable[..., FlaskClient]) -> FlaskClient:
    return filled(
        traces(span("POST /checkouts", tags={"http.route": "/checkouts"}), span("SELECT", span_id=b"87654321", kind=3)),
        traces(span("POST /assessments", span_id=b"12345678", parent_span_id=SPAN), service="risk"),
    )


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/api/services", ["payments", "risk"]),
        ("/api/services/payments/operations", ["POST /checkouts", "SELECT"]),
        ("/api/services/no%2Fbody/operations", []),
        (
            "/api/operations?service=payments",
            [{"name": "POST /checkouts", "spanKind": "server"}, {"name": "SELECT", "spanKind": "client"}],
        ),
        ("/api/operations?service=payments&spanKind=client", [{"name": "SELECT", "spanKind": "client"}]),
        ("/api/dependencies?lookback=3600000", [{"parent": "payments", "child": "risk", "callCount": 1}]),
        ("/api/dependencies?endTs=1000", []),
        ("/api/traces?service=nobody", []),
    ],
)
def test_answers(jaeger: FlaskClient, path: str, data: object) -> None:
    answer = jaeger.get(path)
    assert answer.status_code == 200
    body = answer.get_json()
    assert set(body) == ENVELOPE
    assert body["data"] == data
    assert body["errors"] is None


@pytest.mark.parametrize(
    "query",
    [
        "service=payments",
        "service=payments&lookback=1h&limit=20&tags=%7B%22http.route%22%3A%22%2Fcheckouts%22%7D",
        "service=payments&tags=http.route%3D%2Fcheckouts",
        "service=risk&minDuration=1ms&maxDuration=2ms&operation=POST+%2Fassessments",
        f"traceID={TRACE.hex()}",
    ],
)
def test_searches_answer_whole_traces(jaeger: FlaskClient, query: str) -> None:
    (found,) = jaeger.get(f"/api/traces?{query}").get_json()["data"]
    assert found["traceID"] == TRACE.hex()
    assert len(found["spans"]) == 3


def test_one_trace(jaeger: FlaskClient) -> None:
    body = jaeger.get(f"/api/traces/{TRACE.hex()}").get_json()
    assert body["total"] == 1
    assert {process["serviceName"] for process in body["data"][0]["processes"].values()} == {"payments", "risk"}


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/api/traces/abcdef", 404, "trace not found"),
        ("/api/traces/nothex", 400, "malformed trace id"),
        ("/api/traces", 400, "'service' is required"),
        ("/api/operations", 400, "'service' is required"),
        ("/api/traces?service=a&start=x", 400, "'start'"),
        ("/api/dependencies?endTs=x", 400, "'endTs'"),
    ],
)
def test_errors_have_jaegers_body(jaeger: FlaskClient, path: str, status: int, words: str) -> None:
    answer = jaeger.get(path)
    assert answer.status_code == status
    body = answer.get_json()
    assert set(body) == ENVELOPE
    assert body["data"] is None
    assert body["errors"][0]["code"] == status
    assert words in body["errors"][0]["msg"]


def test_a_slow_question_is_given_up(jaeger: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.telemetry.store.reader.Deadline", lambda _: Deadline(-1))
    assert jaeger.get("/api/traces?service=payments").status_code == 504


def test_too_many_heavy_questions_at_once_are_told_when_to_come_back(settings: Settings) -> None:
    app = create_app(replace(settings, heavy_queries=1, heavy_waiting=0))
    telemetry: Telemetry = app.extensions["telemetry"]
    client = app.test_client()
    with telemetry.gate.passed():
        answer = client.get("/api/traces?service=payments")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert "too many heavy queries" in answer.text
    assert client.get("/api/traces?service=payments").status_code == 200
    telemetry.close()
