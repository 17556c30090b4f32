from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, Response, jsonify, request

from services.common.http_client import ServiceClient
from services.common.problem import ProblemError
from services.common.upstream import UpstreamFailedError
from services.payments.model import Assessment, Authorisation
from services.payments.peers import AcquirerClient, RiskClient
from tests.support.observed import Observed
from tests.support.payments_world import CHECKOUT

PAYMENT_ID = UUID(int=7)


class Peer:
    """Answers every POST as told, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answer: dict[str, Any] | Response = {}
        self.seen: list[tuple[str, Any, str | None]] = []
        self.app = Flask("peer")

        @self.app.post("/<path>")
        def anything(path: str) -> Response:
            self.seen.append((path, request.get_json(), request.headers.get("Idempotency-Key")))
            return self.answer if isinstance(self.answer, Response) else jsonify(self.answer)


@pytest.fixture
def peer() -> Peer:
    return Peer()


@pytest.fixture
def client(peer: Peer, serve: Callable[[Any], str]) -> Iterator[ServiceClient]:
    made = ServiceClient(serve(peer.app), timeout=2.0)
    yield made
    made.close()


def test_risk_is_asked(peer: Peer, client: ServiceClient) -> None:
    peer.answer = {"decision": "review", "score": 0.6, "reasons": []}
    assert RiskClient(client).assess(CHECKOUT) == Assessment("review", 0.6)
    body = {"customer_id": 1, "merchant_id": 2, "amount_minor": 1000, "currency": "EUR"}
    assert peer.seen == [("assessments", body, None)]


@pytest.mark.parametrize("answer", [{}, {"decision": "perhaps", "score": 1}, {"decision": "approve", "score": "high"}])
def test_an_answer_that_risk_never_gives(peer: Peer, client: ServiceClient, answer: dict[str, Any]) -> None:
    peer.answer = answer
    with pytest.raises(UpstreamFailedError):
        RiskClient(client).assess(CHECKOUT)


def test_the_acquirer_is_asked_under_the_payments_id(peer: Peer, client: ServiceClient) -> None:
    peer.answer = {"approved": False, "code": "expired_card", "reference": "acq_1"}
    given = AcquirerClient(client).authorise(PAYMENT_ID, CHECKOUT)
    assert given == Authorisation(False, "expired_card", "acq_1")
    ((path, body, key),) = peer.seen
    assert (path, key) == ("authorisations", str(PAYMENT_ID))
    assert (body["token"], body["scheme"], body["amount_minor"]) == ("tok_1", "visa", 1000)


def test_a_refusal_of_the_request_itself_is_a_failure(peer: Peer, client: ServiceClient) -> None:
    peer.answer = ProblemError(422, "idempotency-key-reused", "no").response()
    with pytest.raises(UpstreamFailedError) as caught:
        AcquirerClient(client).authorise(PAYMENT_ID, CHECKOUT)
    assert not caught.value.retriable


def test_authorisations_are_counted_by_scheme_and_outcome(
    peer: Peer, client: ServiceClient, observed: Observed
) -> None:
    def counted(outcome: str) -> float:
        return observed.value("payments.authorisations", card_scheme="visa", outcome=outcome)

    before = {outcome: counted(outcome) for outcome in ("approved", "declined", "failed")}
    for approved in (True, False):
        peer.answer = {"approved": approved, "code": "any", "reference": "acq_1"}
        AcquirerClient(client).authorise(PAYMENT_ID, CHECKOUT)
    peer.answer = ProblemError(403, "scheme-not-enabled", "no").response()
    with pytest.raises(UpstreamFailedError):
        AcquirerClient(client).authorise(PAYMENT_ID, CHECKOUT)
    assert {outcome: counted(outcome) - before[outcome] for outcome in before} == dict.fromkeys(before, 1.0)
