from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from services.common import origin, request_context, tracing
from services.payments.events import payment_event, refund_event
from services.payments.model import Payment, Refund
from tests.support.observed import Observed

PAYMENT = Payment(UUID(int=7), 1, 2, 1000, "EUR", "visa", "declined", datetime(2026, 1, 2, tzinfo=UTC))
REFUND = Refund(UUID(int=8), PAYMENT, 300, datetime(2026, 1, 3, tzinfo=UTC))


def test_a_payment_event_is_flat_text(observed: Observed) -> None:
    token = request_context.bind("req-1")
    with tracing.tracer().start_as_current_span("request") as span:
        event = payment_event(PAYMENT)
    request_context.release(token)
    assert {name: value for name, value in event.items() if name not in ("event_id", "traceparent")} == {
        "type": "payment.declined",
        "payment_id": str(PAYMENT.id),
        "merchant_id": "2",
        "customer_id": "1",
        "amount_minor": "1000",
        "currency": "EUR",
        "occurred_at": "2026-01-02T00:00:00+00:00",
        "request_id": "req-1",
    }
    assert f"{span.get_span_context().trace_id:032x}" in event["traceparent"]
    assert observed.span("request")


def test_a_refund_event_tells_the_refunds_amount() -> None:
    event = refund_event(REFUND)
    assert (event["type"], event["amount_minor"], event["refund_id"]) == ("payment.refunded", "300", str(REFUND.id))


def test_work_done_twice_tells_the_same_event() -> None:
    assert payment_event(PAYMENT)["event_id"] == payment_event(PAYMENT)["event_id"]
    assert payment_event(PAYMENT)["event_id"] != refund_event(REFUND)["event_id"]


def test_an_event_of_somebodys_own_request_says_so() -> None:
    with origin.of_message({origin.ATTRIBUTE: origin.TEST}):
        assert payment_event(PAYMENT)[origin.ATTRIBUTE] == origin.TEST
