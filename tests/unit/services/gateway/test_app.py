"""The gateway's app before a payments service of our making, both over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, Response, jsonify, request
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from services.common.app import create_app
from services.common.http_client import ServiceClient
from services.common.problem import ProblemError
from services.common.process import Identity
from services.gateway.app import build
from services.gateway.bulkhead import Bulkhead
from services.gateway.forward import Forwarder

BODY: dict[str, Any] = {
    "customer_id": 1,
    "merchant_id": 2,
    "amount_minor": 300,
    "currency": "EUR",
    "card": {"scheme": "visa", "token": "tok_1"},
}
PAYMENT_ID = "01234567-89ab-cdef-0123-456789abcdef"


@dataclass
class Payments:
    """Answers as told, and keeps what it was asked."""

    answer: Callable[[], Response] = lambda: jsonify(answer="ok")
    seen: list[dict[str, Any]] = field(default_factory=list)

    def app(self) -> Flask:
        app = create_app("payments", "0")

        @app.route("/<path:path>", methods=["GET", "POST"])
        def anything(path: str) -> Response:
            self.seen.append(
                {
                    "call": f"{request.method} /{path}",
                    "query": request.args.to_dict(),
                    "body": request.get_json(silent=True),
                    "headers": {name.lower(): value for name, value in request.headers.items()},
                }
            )
            return self.answer()

        return app


@pytest.fixture
def payments() -> Payments:
    return Payments()


@pytest.fixture
def client(payments: Payments, serve: Callable[[Any], str]) -> Iterator[FlaskClient]:
    upstream = ServiceClient(serve(payments.app()), timeout=2.0)
    forward = Forwarder(upstream, Bulkhead(15), write_deadline=0.9, read_deadline=0.8)
    yield build(Identity("gateway", "3.8.0"), forward).test_client()
    upstream.close()


def checkout(client: FlaskClient, body: object = None, **headers: str) -> TestResponse:
    sent = {"Idempotency-Key": "key-1", **headers}
    return client.post("/v1/checkouts", json=BODY if body is None else body, headers=sent)


def test_a_checkout_is_handed_on(client: FlaskClient, payments: Payments) -> None:
    answer = checkout(client, {**BODY, "note": "not ours"}, **{"X-Request-Id": "req-1"})
    assert answer.get_json() == {"answer": "ok"}
    (seen,) = payments.seen
    assert (seen["call"], seen["body"]) == ("POST /checkouts", BODY)
    assert seen["headers"]["idempotency-key"] == "key-1"
    assert seen["headers"]["x-request-id"] == answer.headers["X-Request-Id"] == "req-1"
    assert 0 < int(seen["headers"]["x-request-deadline-ms"]) <= 900


def test_a_strangers_deadline_is_not_taken(client: FlaskClient, payments: Payments) -> None:
    checkout(client, **{"X-Request-Deadline-Ms": "1"})
    assert int(payments.seen[0]["headers"]["x-request-deadline-ms"]) > 100


def test_look_up_refund_and_history_are_handed_on(client: FlaskClient, payments: Payments) -> None:
    client.get(f"/v1/payments/{PAYMENT_ID.upper()}")
    client.post(f"/v1/payments/{PAYMENT_ID}/refunds", json={"amount_minor": 5}, headers={"Idempotency-Key": "r"})
    client.get("/v1/merchants/7/payments?limit=5&before=abc_-1")
    assert [(seen["call"], seen["query"], seen["body"]) for seen in payments.seen] == [
        (f"GET /payments/{PAYMENT_ID}", {}, None),
        (f"POST /payments/{PAYMENT_ID}/refunds", {}, {"amount_minor": 5}),
        ("GET /merchants/7/payments", {"limit": "5", "before": "abc_-1"}, None),
    ]


def test_status_and_replay_are_handed_back(client: FlaskClient, payments: Payments) -> None:
    def replayed() -> Response:
        response = jsonify(payment_id=PAYMENT_ID)
        response.status_code = 201
        response.headers["Idempotent-Replayed"] = "true"
        return response

    payments.answer = replayed
    answer = checkout(client)
    assert (answer.status_code, answer.headers["Idempotent-Replayed"]) == (201, "true")


def test_a_refusal_is_handed_back_as_ours(client: FlaskClient, payments: Payments) -> None:
    def refuse() -> Response:
        raise ProblemError(409, "in-progress", "wait", headers={"Retry-After": "1"}, members={"left": 3})

    payments.answer = refuse
    answer = checkout(client)
    assert answer.status_code == 409
    assert answer.headers["Retry-After"] == "1"
    assert answer.get_json() == {
        "type": "urn:problem-type:in-progress",
        "title": "In progress",
        "status": 409,
        "detail": "wait",
        "instance": "/v1/checkouts",
        "request_id": answer.headers["X-Request-Id"],
        "left": 3,
    }


@pytest.mark.parametrize(
    ("status", "kind"),
    [(500, "upstream-error"), (502, "upstream-error"), (503, "upstream-error"), (504, "upstream-timeout")],
)
def test_a_failing_payments_is_a_bad_gateway(client: FlaskClient, payments: Payments, status: int, kind: str) -> None:
    payments.answer = lambda: ProblemError(status, "internal", "secret").response()
    answer = checkout(client)
    assert answer.status_code == 502
    assert answer.get_json()["type"] == f"urn:problem-type:{kind}"
    assert "secret" not in answer.text
    assert len(payments.seen) == 1, "payments retries, not the gateway"


def test_nobody_there_then_not_asked_any_more() -> None:
    upstream = ServiceClient("http://127.0.0.1:1", timeout=1.0)
    app = build(Identity("gateway", "1"), Forwarder(upstream, Bulkhead(15), 0.9, 0.8))
    client = app.test_client()
    statuses = [checkout(client).status_code for _ in range(21)]
    assert statuses == [502] * 20 + [503]
    assert int(checkout(client).headers["Retry-After"]) >= 1
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    upstream.close()


def test_too_late_is_a_bad_gateway(payments: Payments, serve: Callable[[Any], str]) -> None:
    upstream = ServiceClient(serve(payments.app()), timeout=2.0)
    client = build(Identity("gateway", "1"), Forwarder(upstream, Bulkhead(15), 0.0, 0.0)).test_client()
    answer = checkout(client)
    assert (answer.status_code, answer.get_json()["type"]) == (502, "urn:problem-type:upstream-timeout")
    upstream.close()


def test_more_than_the_bulkhead_holds(payments: Payments, serve: Callable[[Any], str]) -> None:
    upstream, bulkhead = ServiceClient(serve(payments.app()), timeout=2.0), Bulkhead(1)
    client = build(Identity("gateway", "1"), Forwarder(upstream, bulkhead, 0.9, 0.8)).test_client()
    with bulkhead.enter():
        answer = checkout(client)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert payments.seen == []
    upstream.close()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/payments/nope", 404),
        ("GET", "/v1/payments/%00", 404),
        ("GET", "/v1/merchants/0/payments", 404),
        ("GET", "/v1/merchants/1.5/payments", 404),
        ("GET", "/v1/merchants/1/payments?limit=0", 400),
        ("GET", "/v1/merchants/1/payments?limit=101", 400),
        ("GET", "/v1/merchants/1/payments?before=", 400),
        ("GET", "/v1/merchants/1/payments?before=%00", 400),
        ("GET", "/v1/checkouts", 405),
        ("DELETE", f"/v1/payments/{PAYMENT_ID}", 405),
        ("GET", "/v2", 404),
    ],
)
def test_nothing_malformed_goes_any_further(
    client: FlaskClient, payments: Payments, method: str, path: str, status: int
) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert payments.seen == []


@pytest.mark.parametrize("key", [None, "", "a b", "x" * 129])
def test_a_key_is_required(client: FlaskClient, payments: Payments, key: str | None) -> None:
    headers = {} if key is None else {"Idempotency-Key": key}
    assert client.post("/v1/checkouts", json=BODY, headers=headers).status_code == 400
    assert client.post(f"/v1/payments/{PAYMENT_ID}/refunds", json={}, headers=headers).status_code == 400
    assert payments.seen == []


def test_wrong_fields_are_all_told(client: FlaskClient) -> None:
    answer = checkout(client, {**BODY, "amount_minor": 1.5, "currency": "XXX"})
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.get_json()["errors"]] == ["#/amount_minor", "#/currency"]


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
CHANGED = st.dictionaries(st.sampled_from([*BODY, "extra"]), ANY_JSON).map(lambda changes: {**BODY, **changes})
FUZZ = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(ANY_JSON | CHANGED)
def test_any_json_is_answered_properly(client: FlaskClient, body: object) -> None:
    for path in ("/v1/checkouts", f"/v1/payments/{PAYMENT_ID}/refunds"):
        answer = client.post(
            path, data=json.dumps(body), content_type="application/json", headers={"Idempotency-Key": "k"}
        )
        assert answer.status_code in (200, 400)


@FUZZ
@given(st.binary(max_size=200))
def test_any_bytes_are_answered_properly(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/v1/checkouts", data=body, content_type="application/json", headers={"Idempotency-Key": "k"})
    assert answer.status_code == 400


@FUZZ
@given(st.text(max_size=60).filter(lambda text: not {"/", "?", "#"} & set(text)))
def test_any_path_and_query_is_answered_properly(client: FlaskClient, text: str) -> None:
    for path, query in ((f"/v1/payments/{text}", {}), ("/v1/merchants/1/payments", {"limit": text, "before": text})):
        assert client.get(path, query_string=query).status_code in (200, 308, 400, 404, 405)


@FUZZ
@given(st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=80))
def test_any_header_is_answered_properly(client: FlaskClient, value: str) -> None:
    names = ("X-Request-Id", "Idempotency-Key", "traceparent", "X-Request-Deadline-Ms", "Content-Type", "Accept")
    for name in names:
        answer = checkout(client, **{name: value})
        assert answer.status_code in (200, 400, 415)
