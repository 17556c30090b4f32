"""The events that payments publishes: one flat record of texts for each."""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from services.common import origin, request_context
from services.common.tracing import traceparent
from services.payments.model import Payment, Refund

STREAM = "payments.events"

Event = dict[str, str]


def payment_event(payment: Payment) -> Event:
    """Return payment.captured or payment.declined."""
    return _event(f"payment.{payment.status}", payment.id, payment, payment.amount_minor, payment.created_at)


def refund_event(refund: Refund) -> Event:
    """Return payment.refunded, whose amount is the refund's."""
    event = _event("payment.refunded", refund.id, refund.payment, refund.amount_minor, refund.created_at)
    return {**event, "refund_id": str(refund.id)}


def _event(kind: str, subject: UUID, payment: Payment, amount_minor: int, at: datetime) -> Event:
    return {
        # Derived, so that work done twice publishes the same event.
        "event_id": str(uuid5(NAMESPACE_URL, f"{kind}/{subject}")),
        "type": kind,
        "payment_id": str(payment.id),
        "merchant_id": str(payment.merchant_id),
        "customer_id": str(payment.customer_id),
        "amount_minor": str(amount_minor),
        "currency": payment.currency,
        "occurred_at": at.isoformat(),
        "request_id": request_context.current(),
        "traceparent": traceparent(),
        **origin.attributes(),
    }
