from __future__ import annotations

import pytest

from services.common.problem import ProblemError
from services.payments import requests
from tests.support.payments_world import CHECKOUT

BODY = {
    "customer_id": 1,
    "merchant_id": 2,
    "amount_minor": 1000,
    "currency": "EUR",
    "card": {"scheme": "visa", "token": "tok_1"},
}


def test_a_checkout_is_read() -> None:
    assert requests.checkout(BODY) == CHECKOUT


def test_a_bad_one_is_refused() -> None:
    with pytest.raises(ProblemError):
        requests.checkout({**BODY, "card": None})


def test_fingerprints_tell_requests_apart() -> None:
    assert requests.fingerprint({"a": 1, "b": 2}) == requests.fingerprint({"b": 2, "a": 1})
    assert requests.fingerprint("a", 1) != requests.fingerprint("a", 2)
    assert requests.fingerprint("a", 1) != requests.fingerprint("a1")
