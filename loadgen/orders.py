"""What the requests say: paths and bodies of the gateway's public interface."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from typing import Any

from loadgen import population
from loadgen.population import Customer
from loadgen.recent import Payment
from services.common import origin

PAGE = 20
CHECKOUT, LOOKUP, HISTORY, REFUND = ENDPOINTS = ("checkout", "lookup", "history", "refund")
"""The names of the requests in metrics, and in the traffic file."""

OLD_SHOPS = 16
"""One merchant in so many has a shop whose software is old."""


@dataclass(frozen=True)
class Order:
    """One request: `endpoint` is its name in metrics; a body comes with an idempotency key."""

    endpoint: str
    method: str
    path: str
    body: dict[str, Any] | None = None
    key: str | None = None

    def headers(self, request_id: str, api_key: str = "") -> dict[str, str]:
        """Return the headers; a connection per request, so that a restarting gateway breaks only what is in flight."""
        headers = {"X-Request-Id": request_id, "Connection": "close"}
        old_name = self.key if self._from_an_old_shop else None
        named = {"Idempotency-Key": self.key, "X-Idempotency-Key": old_name, origin.HEADER: api_key}
        return headers | {name: value for name, value in named.items() if value}

    @property
    def _from_an_old_shop(self) -> bool:
        """Whether the shop's software is old: it sends the key under the name that the header had once, too."""
        return bool(self.body and self.body.get("merchant_id", 0) % OLD_SHOPS == 1)


def checkout(customer: Customer, rng: random.Random) -> Order:
    """Return a customer's payment to a merchant."""
    body = {
        "customer_id": customer.id,
        "merchant_id": population.pick_merchant(rng),
        "amount_minor": population.pick_amount(customer, rng),
        "currency": customer.currency,
        "card": {"scheme": population.pick_scheme(rng), "token": f"tok_{customer.id}_{rng.randrange(3)}"},
    }
    return Order(CHECKOUT, "POST", "/v1/checkouts", body, new_id())


def lookup(payment: Payment) -> Order:
    """Return a look-up of a payment."""
    return Order(LOOKUP, "GET", f"/v1/payments/{payment.id}")


def history(merchant_id: int) -> Order:
    """Return a merchant's request for its latest payments."""
    return Order(HISTORY, "GET", f"/v1/merchants/{merchant_id}/payments?limit={PAGE}")


def refund(payment: Payment, rng: random.Random) -> Order:
    """Return a request to give some of the money back, or all of it."""
    amount = payment.amount_minor if rng.random() < 0.6 else rng.randint(1, payment.amount_minor)
    return Order(REFUND, "POST", f"/v1/payments/{payment.id}/refunds", {"amount_minor": amount}, new_id())


def new_id() -> str:
    """Return an id never used before: an earlier load of the same seed must not be answered again."""
    return str(uuid.uuid4())


def paid(order: Order, answer: dict[str, Any]) -> Payment | None:
    """Return the payment that a checkout was answered with; None when the answer holds none."""
    payment_id = answer.get("payment_id")
    if order.body is None or not isinstance(payment_id, str):
        return None
    return Payment(payment_id, int(order.body["amount_minor"]), answer.get("status") == "captured")
