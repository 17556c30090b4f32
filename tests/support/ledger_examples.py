"""Records as the stream brings them."""

from __future__ import annotations

from uuid import uuid4

from services.ledger.stream import Message

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"


def fields(**changes: str) -> dict[str, str]:
    """Return the fields of a capture of 10.00 EUR, changed as said."""
    return {
        "event_id": str(uuid4()),
        "type": "payment.captured",
        "payment_id": "8866a054-f772-44bf-b84a-ed732821be07",
        "merchant_id": "5",
        "customer_id": "7",
        "amount_minor": "1000",
        "currency": "EUR",
        "occurred_at": "2026-01-01T00:00:00+00:00",
        "request_id": "r-1",
        "traceparent": f"00-{TRACE_ID}-b7ad6b7169203331-01",
        **changes,
    }


def message(number: int = 1, **changes: str) -> Message:
    """Return the stream's record number `number`."""
    return Message(f"{number}-0", fields(**changes))
