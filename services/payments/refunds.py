"""Refunds: never more than was captured, each given back once.

The amount is reserved under a row lock, the lock is gone before the acquirer is asked, and the outcome is recorded
afterwards. A refund whose outcome is unknown keeps its amount reserved until it is asked for again with its key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from services.common.problem import ProblemError
from services.payments import keys, requests
from services.payments.keys import Key, KeyStore, Reply
from services.payments.model import CAPTURED, Payment, Refund
from services.payments.peers import Acquirer
from services.payments.refund_repository import RefundStore

SCOPE = "refund"


@dataclass(frozen=True)
class Refunds:
    """The flow; `recorded` is called when there is an event to publish."""

    key_store: KeyStore
    refunds: RefundStore
    acquirer: Acquirer
    recorded: Callable[[], None]

    def refund(self, key: str, payment_id: UUID, amount_minor: int) -> Reply:
        """Answer 201 with the refund; raises ProblemError (404, 409, 422), UpstreamError, DatabaseError."""
        claim = Key(key, SCOPE, requests.fingerprint(str(payment_id), amount_minor))
        return keys.once(
            self.key_store, claim, lambda refund_id: self._work(claim, refund_id, payment_id, amount_minor)
        )

    def _work(self, key: Key, refund_id: UUID, payment_id: UUID, amount_minor: int) -> Reply:
        payment = self.refunds.reserve(refund_id, payment_id, amount_minor, admit)
        # As with a charge: the connection that records the refund is taken before the money moves.
        with self.refunds.recording() as record:
            answer = self.acquirer.refund(refund_id, payment, amount_minor)
            refund = Refund(refund_id, payment, amount_minor, datetime.now(UTC), answer.reference)
            reply = Reply(201, refund.document())
            if answer.approved:
                record(key, refund, reply)
        if not answer.approved:
            self.refunds.cancel(refund_id)
            raise ProblemError(422, "refund-refused", f"the acquirer refused the refund: {answer.code}")
        self.recorded()
        return reply


def admit(payment: Payment | None, reserved_minor: int, amount_minor: int) -> Payment:
    """Return the payment if `amount_minor` may be refunded on top of `reserved_minor`; raises ProblemError."""
    if payment is None:
        raise ProblemError(404, "payment-not-found", "there is no payment with this id")
    if payment.status != CAPTURED:
        raise ProblemError(409, "payment-not-captured", "only a captured payment can be refunded")
    left = payment.amount_minor - reserved_minor
    if amount_minor > left:
        raise ProblemError(
            409,
            "refund-exceeds-payment",
            f"{left} of {payment.amount_minor} can still be refunded",
            members={"refundable_minor": left},
        )
    return payment
