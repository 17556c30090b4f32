from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.common.database import PoolTimeoutError, QueryTimeoutError
from services.common.process import Identity
from services.common.upstream import UpstreamTimeoutError
from services.payments.app import Parts, build
from services.payments.checkout import Checkouts
from services.payments.figures import Patience
from services.payments.refunds import Refunds
from tests.support.payments_world import FakeRisk, World

BODY: dict[str, Any] = {
    "customer_id": 1,
    "merchant_id": 2,
    "amount_minor": 1000,
    "currency": "EUR",
    "card": {"scheme": "visa", "token": "tok_1"},
}


@pytest.fixture
def client(world: World, checkouts: Checkouts, refunds: Refunds) -> FlaskClient:
    parts = Parts(checkouts, refunds, world, Patience(0.05, 2, 0.0), {"postgres": lambda: None})
    return build(Identity("payments", "2.14.0"), parts).test_client()


def pay(client: FlaskClient, key: str = "k", body: object = None) -> TestResponse:
    return client.post("/checkouts", json=BODY if body is None else body, headers={"Idempotency-Key": key})


def refund(client: FlaskClient, payment_id: str, amount: int, key: str = "r") -> TestResponse:
    return client.post(
        f"/payments/{payment_id}/refunds", json={"amount_minor": amount}, headers={"Idempotency-Key": key}
    )


def test_checkout_and_replay(client: FlaskClient) -> None:
    first, second = pay(client), pay(client)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.get_json() == second.get_json()
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"


def test_look_up(client: FlaskClient) -> None:
    made = pay(client).get_json()
    assert client.get(f"/payments/{made['payment_id']}").get_json() == {**made, "refunded_minor": 0}
    assert client.get(f"/payments/{UUID(int=1)}").status_code == 404
    assert client.get("/payments/nope").status_code == 404


def test_refund(client: FlaskClient) -> None:
    made = pay(client).get_json()
    assert refund(client, made["payment_id"], 400).status_code == 201
    assert client.get(f"/payments/{made['payment_id']}").get_json()["refunded_minor"] == 400
    too_much = refund(client, made["payment_id"], 601, key="r2")
    assert (too_much.status_code, too_much.get_json()["refundable_minor"]) == (409, 600)
    assert refund(client, "nope", 1, key="r3").status_code == 404


def test_history(client: FlaskClient) -> None:
    ids = [pay(client, key=f"k{number}").get_json()["payment_id"] for number in range(3)]
    page = client.get("/merchants/2/payments?limit=2").get_json()
    rest = client.get(f"/merchants/2/payments?before={page['next']}").get_json()
    assert [item["payment_id"] for item in page["items"] + rest["items"]] == ids[::-1]
    assert rest["next"] is None
    assert (page["summary"][0]["payments"], "summary" in rest) == (3, False)


def test_a_history_without_figures_is_better_than_none(client: FlaskClient, world: World) -> None:
    made = pay(client).get_json()
    world.figures_error = QueryTimeoutError("cancelled")
    answer = client.get("/merchants/2/payments")
    assert answer.status_code == 200
    assert [item["payment_id"] for item in answer.get_json()["items"]] == [made["payment_id"]]
    assert answer.get_json()["summary"] is None


def test_a_database_that_is_away_is_no_figures_that_take_long(client: FlaskClient, world: World) -> None:
    world.figures_error = PoolTimeoutError("no connection")
    assert client.get("/merchants/2/payments").status_code == 503


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/merchants/0/payments", 404),
        ("/merchants/x/payments", 404),
        ("/merchants/2/payments?limit=0", 400),
        ("/merchants/2/payments?limit=101", 400),
        ("/merchants/2/payments?before=%00", 400),
    ],
)
def test_bad_questions(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_bad_checkouts(client: FlaskClient) -> None:
    assert pay(client, body={**BODY, "amount_minor": "1"}).status_code == 400
    assert client.post("/checkouts", json=BODY).status_code == 400


def test_risk_that_is_too_late(client: FlaskClient, risk: FakeRisk) -> None:
    risk.answer = UpstreamTimeoutError("risk", "late")
    answer = pay(client)
    assert answer.status_code == 504
    assert answer.get_json()["type"] == "urn:problem-type:upstream-timeout"


def test_ready(client: FlaskClient) -> None:
    assert client.get("/readyz").get_json()["checks"] == {"postgres": "ok"}
