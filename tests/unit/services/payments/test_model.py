from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from services.payments.model import Payment, Refund

PAYMENT = Payment(
    UUID(int=7), 1, 2, 1000, "EUR", "visa", "captured", datetime(2026, 1, 2, tzinfo=UTC), 0.4, "req-1", "acq_1"
)


def test_clients_see_nothing_internal() -> None:
    document = PAYMENT.document()
    assert document["payment_id"] == "00000000-0000-0000-0000-000000000007"
    assert document["created_at"] == "2026-01-02T00:00:00+00:00"
    assert not {"risk_score", "acquirer_reference", "request_id"} & document.keys()


def test_a_refund_is_in_its_payments_currency() -> None:
    document = Refund(UUID(int=8), PAYMENT, 300, PAYMENT.created_at).document()
    assert (document["currency"], document["amount_minor"], document["status"]) == ("EUR", 300, "refunded")
