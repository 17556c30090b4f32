"""Checkouts, payments and refunds, and what risk and the acquirer say. Amounts are in minor units (cents, pence)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

CAPTURED = "captured"
DECLINED = "declined"


@dataclass(frozen=True)
class Checkout:
    """What a customer wants to pay, and with which card."""

    customer_id: int
    merchant_id: int
    amount_minor: int
    currency: str
    scheme: str
    token: str


@dataclass(frozen=True)
class Assessment:
    """What risk says of a checkout: decision is approve, review or decline; score from 0 to 1, None for unknown."""

    decision: str
    score: float | None


@dataclass(frozen=True)
class Authorisation:
    """What the acquirer says: `code` is its reason, `reference` its number for it."""

    approved: bool
    code: str
    reference: str


@dataclass(frozen=True)
class Payment:
    """A payment as it is stored."""

    id: UUID
    customer_id: int
    merchant_id: int
    amount_minor: int
    currency: str
    scheme: str
    status: str
    created_at: datetime
    risk_score: float | None = None
    request_id: str | None = None
    acquirer_reference: str | None = None
    decline_reason: str | None = None

    def document(self) -> dict[str, object]:
        """Return what clients see of it."""
        return {
            "payment_id": str(self.id),
            "status": self.status,
            "customer_id": self.customer_id,
            "merchant_id": self.merchant_id,
            "amount_minor": self.amount_minor,
            "currency": self.currency,
            "scheme": self.scheme,
            "created_at": self.created_at.isoformat(),
            "decline_reason": self.decline_reason,
        }


@dataclass(frozen=True)
class Refund:
    """A refund of (a part of) a payment."""

    id: UUID
    payment: Payment
    amount_minor: int
    created_at: datetime
    acquirer_reference: str | None = None

    def document(self) -> dict[str, object]:
        """Return what clients see of it."""
        return {
            "refund_id": str(self.id),
            "payment_id": str(self.payment.id),
            "status": "refunded",
            "amount_minor": self.amount_minor,
            "currency": self.payment.currency,
            "created_at": self.created_at.isoformat(),
        }
