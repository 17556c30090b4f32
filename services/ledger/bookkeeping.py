"""Double entry: how an event moves money between accounts. The debits of an event always equal its credits.

A capture is owed to us by the acquirer, and by us to the merchant, less our fee. A refund goes the other way; the fee
stays. The opening balances (compose/postgres/seed.sql) were booked by the same rules.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.ledger.events import CAPTURED, PaymentEvent

DEBIT = "debit"
CREDIT = "credit"


@dataclass(frozen=True)
class Leg:
    """One side of a booking: an account, a direction, an amount above zero in minor units."""

    account: str
    direction: str
    amount_minor: int


def fee(amount_minor: int) -> int:
    """Return what a capture costs the merchant: 1.4% and 20 minor units, but never all of it."""
    return min(amount_minor - 1, amount_minor * 14 // 1000 + 20)


def legs(event: PaymentEvent) -> tuple[Leg, ...]:
    """Return the legs of an event that moves money, each on an account of its own."""
    acquirer, fees, merchant = (
        f"{account}:{event.currency}" for account in ("acquirer", "fees", f"merchant:{event.merchant_id}")
    )
    if event.kind == CAPTURED:
        charged = fee(event.amount_minor)
        booked = (
            Leg(acquirer, DEBIT, event.amount_minor),
            Leg(merchant, CREDIT, event.amount_minor - charged),
            Leg(fees, CREDIT, charged),
        )
        return tuple(leg for leg in booked if leg.amount_minor > 0)
    return (Leg(merchant, DEBIT, event.amount_minor), Leg(acquirer, CREDIT, event.amount_minor))
