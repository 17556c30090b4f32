from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from services.common.database import PoolTimeoutError, QueryTimeoutError
from services.common.deadline import DeadlineExceededError
from services.common.process import Identity
from services.risk.app import Parts, build
from services.risk.features import Features
from tests.support.risk_examples import REGULAR

BODY = {"customer_id": 7, "merchant_id": 5, "amount_minor": 2_000, "currency": "EUR"}


def client(features: Callable[[int], Features], ready: Callable[[], object] = lambda: None) -> FlaskClient:
    parts = Parts(
        features=features,
        merchant_country={5: "FR"}.get,
        stranger=lambda asked: asked.amount_minor >= 50_000,
        suspicion=lambda asked, known: 0.99 if asked.customer_id == 8 and known.payments else 0.0,
        checks={"postgres": ready},
    )
    return build(Identity("risk", "1.9.2"), parts).test_client()


def test_a_payment_is_assessed() -> None:
    asked: list[int] = []

    def features(customer_id: int) -> Features:
        asked.append(customer_id)
        return REGULAR

    answer = client(features).post("/assessments", json=BODY)
    assert answer.status_code == 200
    assert answer.get_json() == {"decision": "approve", "score": 0.0, "reasons": []}
    assert asked == [7]


def test_the_merchants_country_counts() -> None:
    answer = client(lambda _: replace(REGULAR, countries=("DE",))).post("/assessments", json=BODY)
    assert answer.get_json()["reasons"] == ["new-country"]


def test_a_new_merchant_and_what_the_issuer_says_count() -> None:
    asked = client(lambda _: replace(REGULAR, mean_minor=60_000))
    answer = asked.post("/assessments", json={**BODY, "customer_id": 8, "amount_minor": 50_000})
    assert answer.get_json()["reasons"] == ["new-merchant", "issuer-warns"]


@pytest.mark.parametrize("error", [PoolTimeoutError("busy"), QueryTimeoutError("slow")])
def test_features_that_cannot_be_had_in_time_are_a_503(error: Exception) -> None:
    def features(_: int) -> Features:
        raise error

    answer = client(features).post("/assessments", json=BODY)
    assert answer.status_code == 503
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Retry-After"] == "1"


def test_a_passed_deadline_is_a_504() -> None:
    def features(_: int) -> Features:
        raise DeadlineExceededError("late")

    assert client(features).post("/assessments", json=BODY).status_code == 504


def test_a_bad_body_is_a_400_and_asks_nobody() -> None:
    def features(_: int) -> Features:
        pytest.fail("asked for features of a bad request")

    answer = client(features).post("/assessments", json={**BODY, "customer_id": "seven"})
    assert answer.status_code == 400
    assert "customer_id" in answer.get_data(as_text=True)


def test_other_methods_are_refused() -> None:
    assert client(lambda _: REGULAR).get("/assessments").status_code == 405


def test_readiness_follows_the_checks() -> None:
    def not_ready() -> None:
        raise PoolTimeoutError("busy")

    assert client(lambda _: REGULAR).get("/readyz").status_code == 200
    assert client(lambda _: REGULAR, not_ready).get("/readyz").status_code == 503
