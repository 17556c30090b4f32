"""The stream's events, which payments publishes as flat records of texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

CAPTURED = "payment.captured"
REFUNDED = "payment.refunded"
NOT_BOOKED = frozenset({"payment.declined"})
"""Events that move no money."""

MOST_AMOUNT = 2**53


class MalformedEventError(ValueError):
    """A record that is no event; says which field is wrong."""


@dataclass(frozen=True)
class PaymentEvent:
    """Something that happened to a payment; the amount, in minor units, is the payment's or the refund's."""

    event_id: UUID
    kind: str
    payment_id: UUID
    merchant_id: int
    amount_minor: int
    currency: str
    request_id: str | None = None
    """The request that made it happen, so that support finds what it caused."""

    @property
    def moves_money(self) -> bool:
        """Whether there is something to book."""
        return self.kind not in NOT_BOOKED


def parse(fields: Mapping[str, str]) -> PaymentEvent:
    """Read a stream record; raises MalformedEventError."""
    kind = _text(fields, "type")
    if kind not in NOT_BOOKED | {CAPTURED, REFUNDED}:
        raise MalformedEventError(f"type: unknown event {kind[:64]!r}")
    return PaymentEvent(
        event_id=_uuid(fields, "event_id"),
        kind=kind,
        payment_id=_uuid(fields, "payment_id"),
        merchant_id=_integer(fields, "merchant_id", 2**31 - 1),
        amount_minor=_integer(fields, "amount_minor", MOST_AMOUNT),
        currency=_currency(fields),
        request_id=fields.get("request_id") or None,
    )


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise MalformedEventError(f"{name}: missing")
    return value


def _uuid(fields: Mapping[str, str], name: str) -> UUID:
    text = _text(fields, name)
    try:
        return UUID(text)
    except ValueError as error:
        raise MalformedEventError(f"{name}: not a UUID") from error


def _integer(fields: Mapping[str, str], name: str, most: int) -> int:
    text = _text(fields, name)
    if not (text.isascii() and text.isdigit() and len(text) < 20 and 1 <= int(text) <= most):
        raise MalformedEventError(f"{name}: not a whole number from 1 to {most}")
    return int(text)


def _currency(fields: Mapping[str, str]) -> str:
    text = _text(fields, "currency")
    if not (len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()):
        raise MalformedEventError("currency: not three capital letters")
    return text
