from __future__ import annotations

import random
import uuid

import pytest

from loadgen import orders
from loadgen.population import Customer
from loadgen.recent import Payment

SHOPPER = Customer(3)
PAYMENT = Payment("5f0c6d0e-1f0a-4b5e-9a43-0a4a4c6a7c11", 1_000, captured=True)


def test_checkouts_are_what_the_gateway_accepts() -> None:
    rng = random.Random(1)
    for _ in range(200):
        order = orders.checkout(SHOPPER, rng)
        assert (order.endpoint, order.method, order.path) == ("checkout", "POST", "/v1/checkouts")
        body = order.body or {}
        assert 1 <= body["customer_id"] <= 50_000
        assert 1 <= body["merchant_id"] <= 2_000
        assert 100 <= body["amount_minor"] <= 99_999_999
        assert body["currency"] in ("EUR", "GBP", "USD")
        assert body["card"]["scheme"] in ("visa", "mastercard", "amex")
        assert body["card"]["token"].startswith(f"tok_{body['customer_id']}_")
        assert set(body) == {"customer_id", "merchant_id", "amount_minor", "currency", "card"}


def test_every_checkout_has_a_key_of_its_own() -> None:
    rng = random.Random(1)
    assert len({orders.checkout(SHOPPER, rng).key for _ in range(500)}) == 500


def test_a_lookup() -> None:
    order = orders.lookup(PAYMENT)
    assert (order.method, order.path, order.body, order.key) == ("GET", f"/v1/payments/{PAYMENT.id}", None, None)


def test_a_history() -> None:
    order = orders.history(7)
    assert (order.method, order.path) == ("GET", "/v1/merchants/7/payments?limit=20")


def test_refunds_never_exceed_the_payment() -> None:
    rng = random.Random(1)
    amounts = set()
    for _ in range(300):
        order = orders.refund(PAYMENT, rng)
        assert order.path == f"/v1/payments/{PAYMENT.id}/refunds"
        amounts.add((order.body or {})["amount_minor"])
        assert order.key
    assert max(amounts) == 1_000
    assert 1 <= min(amounts) < 500


def test_headers_carry_the_request_id_and_close_the_connection() -> None:
    order = orders.lookup(PAYMENT)
    assert order.headers("r1") == {"X-Request-Id": "r1", "Connection": "close"}


def test_only_requests_that_change_something_carry_a_key() -> None:
    order = orders.checkout(SHOPPER, random.Random(1))
    assert order.headers("r1")["Idempotency-Key"] == order.key


def test_clients_start_no_trace() -> None:
    assert "traceparent" not in {name.lower() for name in orders.checkout(SHOPPER, random.Random(1)).headers("r1")}


def test_the_same_seed_orders_the_same_under_another_key() -> None:
    first, second = orders.checkout(SHOPPER, random.Random(1)), orders.checkout(SHOPPER, random.Random(1))
    assert first.body == second.body
    assert first.key != second.key


def test_ids_are_uuids() -> None:
    assert uuid.UUID(orders.new_id()).version == 4


def test_an_answered_checkout_is_a_payment() -> None:
    order = orders.checkout(SHOPPER, random.Random(1))
    assert order.body is not None
    amount = order.body["amount_minor"]
    assert orders.paid(order, {"payment_id": "p1", "status": "captured"}) == Payment("p1", amount, captured=True)
    assert orders.paid(order, {"payment_id": "p2", "status": "declined"}) == Payment("p2", amount, captured=False)


@pytest.mark.parametrize("answer", [{}, {"payment_id": None}, {"payment_id": 7, "status": "captured"}])
def test_an_answer_without_a_payment_is_none(answer: dict[str, object]) -> None:
    assert orders.paid(orders.checkout(SHOPPER, random.Random(1)), answer) is None


def test_the_live_key_tells_that_a_customer_asks() -> None:
    order = orders.lookup(PAYMENT)
    assert order.headers("r-1", "live-1")["X-Api-Key"] == "live-1"
    assert "X-Api-Key" not in order.headers("r-1")


def test_a_few_old_shops_send_the_key_under_its_old_name_too() -> None:
    found = [orders.checkout(SHOPPER, random.Random(seed)) for seed in range(400)]
    old = [each for each in found if "X-Idempotency-Key" in each.headers("r1")]
    assert 0 < len(old) < 100
    assert all(each.headers("r1")["X-Idempotency-Key"] == each.key for each in old)
