"""A checkout: claim the key, ask risk, charge the card, record it together with its event and its answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from opentelemetry import metrics

from services.common import request_context
from services.common.problem import ProblemError
from services.common.upstream import UpstreamError
from services.payments import keys, requests
from services.payments.keys import Key, KeyStore, Reply
from services.payments.model import CAPTURED, DECLINED, Assessment, Authorisation, Checkout, Payment
from services.payments.peers import Acquirer, Risk
from services.payments.repository import PaymentStore

SCOPE = "checkout"
DECLINED_BY_RISK = Authorisation(approved=False, code="risk", reference="")
UNASSESSED = Assessment("approve", None)

_log = logging.getLogger(__name__)
_unassessed = metrics.get_meter("services").create_counter(
    "payments.unassessed", "{payment}", "Small payments that went on without an answer from risk"
)


@dataclass(frozen=True)
class Checkouts:
    """The flow; `recorded` is called when there is an event to publish."""

    key_store: KeyStore
    payments: PaymentStore
    risk: Risk
    acquirer: Acquirer
    recorded: Callable[[], None]
    unassessed_minor: int = 0
    """Up to this amount a payment goes on when risk does not answer: the sale is worth more than the risk."""
    goes_on_unassessed: Callable[[], bool] = lambda: True

    def pay(self, key: str, checkout: Checkout) -> Reply:
        """Answer 201 with the payment, captured or declined.

        Raises ProblemError (409 in progress, 422 key reused, unknown customer or merchant), UpstreamError,
        DatabaseError.
        """
        claim = Key(key, SCOPE, requests.fingerprint(vars(checkout)))
        return keys.once(self.key_store, claim, lambda payment_id: self._work(claim, payment_id, checkout))

    def _work(self, key: Key, payment_id: UUID, checkout: Checkout) -> Reply:
        self._refuse_strangers(checkout)
        assessment = self._assess(checkout)
        # What a charge is recorded by is at hand before the card is charged: neither a busy pool nor the end of the
        # caller's time comes between the two.
        with self.payments.recording() as record:
            authorisation = DECLINED_BY_RISK
            if assessment.decision != "decline":
                authorisation = self.acquirer.authorise(payment_id, checkout)
            payment = _payment(payment_id, checkout, assessment, authorisation)
            reply = Reply(201, payment.document())
            record(key, payment, reply)
        self.recorded()
        return reply

    def _assess(self, checkout: Checkout) -> Assessment:
        try:
            return self.risk.assess(checkout)
        except UpstreamError:
            if checkout.amount_minor > self.unassessed_minor or not self.goes_on_unassessed():
                raise
        _log.warning("small payment goes on without an assessment", extra={"amount_minor": checkout.amount_minor})
        _unassessed.add(1)
        return UNASSESSED

    def _refuse_strangers(self, checkout: Checkout) -> None:
        known = self.payments.parties(checkout.customer_id, checkout.merchant_id)
        for party, exists in known.items():
            if not exists:
                raise ProblemError(422, f"unknown-{party}", f"there is no {party} with this id")


def _payment(payment_id: UUID, checkout: Checkout, assessment: Assessment, authorisation: Authorisation) -> Payment:
    return Payment(
        id=payment_id,
        customer_id=checkout.customer_id,
        merchant_id=checkout.merchant_id,
        amount_minor=checkout.amount_minor,
        currency=checkout.currency,
        scheme=checkout.scheme,
        status=CAPTURED if authorisation.approved else DECLINED,
        created_at=datetime.now(UTC),
        risk_score=assessment.score,
        request_id=request_context.current() or None,
        acquirer_reference=authorisation.reference or None,
        decline_reason=None if authorisation.approved else authorisation.code,
    )
