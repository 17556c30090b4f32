from __future__ import annotations

import logging
from collections.abc import Callable
from typing import NoReturn

import pytest
from flask import Flask, Response, jsonify
from flask.testing import FlaskClient

from services.common import deadline, request_context
from services.common.app import create_app
from services.common.body import json_object
from services.common.database import PoolTimeoutError
from services.common.deadline import DeadlineExceededError
from services.common.problem import ProblemError
from services.common.upstream import (
    BreakerOpenError,
    UpstreamFailedError,
    UpstreamTimeoutError,
    UpstreamUnavailableError,
)

ERRORS: dict[str, Callable[[], Exception]] = {
    "problem": lambda: ProblemError(418, "teapot", "short and stout"),
    "timeout": lambda: UpstreamTimeoutError("risk", "too late"),
    "away": lambda: UpstreamUnavailableError("risk", "refused"),
    "failed": lambda: UpstreamFailedError("risk", 500, "answered 500"),
    "open": lambda: BreakerOpenError("risk", 2.5),
    "pool": lambda: PoolTimeoutError("none free"),
    "late": lambda: DeadlineExceededError("late"),
    "defect": lambda: ZeroDivisionError("secret"),
}


def make_app(*, trust_deadline: bool = True) -> Flask:
    app = create_app("demo", "1.2.3", trust_deadline=trust_deadline)

    @app.get("/raise/<name>")
    def fail(name: str) -> NoReturn:
        raise ERRORS[name]()

    @app.post("/echo")
    def echo() -> Response:
        return jsonify(json_object())

    @app.get("/context")
    def context() -> Response:
        left = deadline.current()
        return jsonify(request_id=request_context.current(), left=left.remaining() if left else None)

    return app


@pytest.fixture
def client() -> FlaskClient:
    return make_app().test_client()


@pytest.mark.parametrize(
    ("name", "status", "kind"),
    [
        ("problem", 418, "urn:problem-type:teapot"),
        ("timeout", 504, "urn:problem-type:upstream-timeout"),
        ("away", 502, "urn:problem-type:upstream-error"),
        ("failed", 502, "urn:problem-type:upstream-error"),
        ("open", 503, "urn:problem-type:upstream-unavailable"),
        ("pool", 503, "urn:problem-type:database-unavailable"),
        ("late", 504, "urn:problem-type:deadline-exceeded"),
        ("defect", 500, "about:blank"),
    ],
)
def test_every_error_is_a_problem_document(client: FlaskClient, name: str, status: int, kind: str) -> None:
    answer = client.get(f"/raise/{name}")
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    document = answer.get_json()
    assert document["type"] == kind
    assert document["request_id"] == answer.headers["X-Request-Id"]
    assert "secret" not in answer.text


def test_an_open_breaker_says_when_to_come_back(client: FlaskClient) -> None:
    assert client.get("/raise/open").headers["Retry-After"] == "3"


def test_the_stack_of_a_defect_is_logged_once(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/raise/defect")
    assert [record.getMessage() for record in caplog.records if record.exc_info] == ["unexpected error"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("PUT", "/echo", 405), ("POST", "/healthz", 405), ("BREW", "/echo", 405)],
)
def test_routing_errors(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert answer.get_json()["status"] == status
    assert (status == 405) == ("Allow" in answer.headers)


def test_bodies_are_checked(client: FlaskClient) -> None:
    assert client.post("/echo", json={"a": 1}).get_json() == {"a": 1}
    assert client.post("/echo", data="{}").status_code == 415
    assert client.post("/echo", data="{", content_type="application/json").status_code == 400
    large = b'{"a": "' + b"x" * 70_000 + b'"}'
    assert client.post("/echo", data=large, content_type="application/json").status_code == 413


def test_request_id_is_kept_or_made(client: FlaskClient) -> None:
    kept = client.get("/context", headers={"X-Request-Id": "mine"})
    assert kept.get_json()["request_id"] == kept.headers["X-Request-Id"] == "mine"
    made = client.get("/context", headers={"X-Request-Id": "not sane"})
    assert made.get_json()["request_id"] == made.headers["X-Request-Id"] != "not sane"


def test_deadline_of_the_caller(client: FlaskClient) -> None:
    headers = {"X-Request-Deadline-Ms": "700"}
    assert 0 < client.get("/context", headers=headers).get_json()["left"] <= 0.7
    assert client.get("/context").get_json()["left"] is None
    public = make_app(trust_deadline=False).test_client()
    assert public.get("/context", headers=headers).get_json()["left"] is None


def test_server_errors_are_logged_as_errors(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        client.get("/raise/away")
        client.get("/context")
    lines = {record.getMessage(): record.levelname for record in caplog.records if record.name == "services.access"}
    assert lines == {"GET /raise/<name> 502": "ERROR", "GET /context 200": "INFO"}
