from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.acquirer.app import Processor, build
from services.acquirer.latency import Latency
from services.common.process import Identity
from services.common.settings import Settings

waited: list[float] = []


def make(*, chance: float = 1.0, error_ratio: float = 0.0, decline_ratio: float = 0.0) -> FlaskClient:
    processor = Processor(
        latency=Latency(0.045, 0.0, 1.5, sleep=waited.append),
        error_ratio=error_ratio,
        decline_ratio=decline_ratio,
        chance=lambda: chance,
    )
    return build(Identity("acquirer", "5.2.0"), processor).test_client()


def authorise(client: FlaskClient, key: str | None = "k", **changes: Any) -> TestResponse:
    body = {"payment_id": "p", "amount_minor": 5, "currency": "EUR", "scheme": "visa", "token": "tok_1", **changes}
    return client.post("/authorisations", json=body, headers={"Idempotency-Key": key} if key else {})


def test_approval_is_waited_for() -> None:
    waited.clear()
    answer = authorise(make())
    assert answer.status_code == 200
    assert answer.get_json()["approved"] is True
    assert answer.get_json()["code"] == "approved"
    assert answer.get_json()["reference"].startswith("acq_")
    assert waited == [0.045]


def test_decline() -> None:
    answer = authorise(make(decline_ratio=1.0)).get_json()
    assert answer["approved"] is False
    assert answer["code"] != "approved"


def test_the_same_key_gets_the_same_answer() -> None:
    client = make()
    assert authorise(client).get_json() == authorise(client).get_json()
    assert authorise(client, amount_minor=6).status_code == 422
    assert authorise(client, key="other", amount_minor=6).status_code == 200


def test_some_calls_fail_and_may_be_tried_again() -> None:
    failing = make(chance=0.0, error_ratio=0.001)
    assert authorise(failing).status_code == 503
    assert authorise(failing).headers["Retry-After"] == "1"
    assert authorise(make(chance=0.5, error_ratio=0.001)).status_code == 200


@pytest.mark.parametrize("token", [None, "", 5, []])
def test_a_card_needs_a_token(token: object) -> None:
    assert authorise(make(), token=token).status_code == 400


def test_a_key_is_required() -> None:
    assert authorise(make(), key=None).status_code == 400


def test_refunds_are_approved() -> None:
    body = {"payment_id": "p", "refund_id": "r", "amount_minor": 5, "currency": "EUR"}
    answer = make().post("/refunds", json=body, headers={"Idempotency-Key": "r"})
    assert answer.get_json()["approved"] is True


def test_settings() -> None:
    processor = Processor.from_settings(Settings({}))
    assert (processor.error_ratio, processor.decline_ratio) == (0.001, 0.03)
