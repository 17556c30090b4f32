from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from labctl.base import paths
from labctl.state import settings
from services.acquirer.app import Processor, build
from services.acquirer.latency import Latency
from services.common.process import Identity
from services.common.settings import Settings

waited: list[float] = []


def make(
    *, chance: float = 1.0, error_ratio: float = 0.0, decline_ratio: float = 0.0, refused: frozenset[str] = frozenset()
) -> FlaskClient:
    processor = Processor(
        latency=Latency(0.045, 0.0, 1.5, sleep=waited.append),
        error_ratio=error_ratio,
        decline_ratio=decline_ratio,
        signals=Latency(0.065, 0.0, 1.5, sleep=waited.append),
        refused_schemes=refused,
        chance=lambda: chance,
    )
    return build(Identity("acquirer", "5.2.0"), lambda: processor).test_client()


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


def test_a_scheme_that_it_does_not_take_is_refused_after_a_while_and_no_other() -> None:
    client = make(refused=frozenset({"amex"}))
    waited.clear()
    assert authorise(client, scheme="amex").status_code == 403
    assert waited == [0.045]
    assert authorise(client, key="other", scheme="visa").get_json()["approved"] is True


@pytest.mark.parametrize("token", [None, "", 5, []])
def test_a_card_needs_a_token(token: object) -> None:
    assert authorise(make(), token=token).status_code == 400


def test_a_key_is_required() -> None:
    assert authorise(make(), key=None).status_code == 400


def test_refunds_are_approved() -> None:
    body = {"payment_id": "p", "refund_id": "r", "amount_minor": 5, "currency": "EUR"}
    answer = make().post("/refunds", json=body, headers={"Idempotency-Key": "r"})
    assert answer.get_json()["approved"] is True


def test_what_the_issuer_knows_of_a_customer_is_always_the_same() -> None:
    client = make()
    waited.clear()
    first, again, other = (client.post("/signals", json={"customer": name}) for name in ("cus_1", "cus_1", "cus_2"))
    assert first.get_json() == again.get_json() != other.get_json()
    assert 0 <= first.get_json()["suspicion"] < 1
    assert waited == [0.065] * 3


@pytest.mark.parametrize("customer", [None, "", 5])
def test_signals_are_of_a_customer(customer: object) -> None:
    assert make().post("/signals", json={"customer": customer}).status_code == 400


def test_settings() -> None:
    processor = Processor.from_settings(Settings({}))
    assert (processor.error_ratio, processor.decline_ratio, processor.refused_schemes) == (0.001, 0.03, frozenset())
    assert Processor.from_settings(Settings({"REFUSED_SCHEMES": "amex,visa"})).refused_schemes == {"amex", "visa"}


def test_the_defaults_are_what_is_shipped() -> None:
    shipped = settings.parse((paths.bundle_root() / "compose/config/acquirer.env").read_text())
    ours, theirs = Processor.from_settings(Settings(shipped)), Processor.from_settings(Settings({}))
    assert (ours.latency, ours.signals) == (theirs.latency, theirs.signals)
    assert (ours.error_ratio, ours.decline_ratio) == (theirs.error_ratio, theirs.decline_ratio)
    assert ours.refused_schemes == theirs.refused_schemes
