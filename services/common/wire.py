"""The public requests as they travel: the gateway checks them, payments reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypedDict

from services.common.fields import Fields
from services.common.problem import ProblemError

CURRENCIES = ("EUR", "USD", "GBP")
SCHEMES = ("visa", "mastercard", "amex")
LARGEST_AMOUNT = 99_999_999
"""In minor units: no single payment is larger, and no sum of them outgrows a bigint."""

LONGEST_PAGE = 100

_VISIBLE = re.compile(r"[\x21-\x7e]{1,128}")


class Card(TypedDict):
    """A card as the clients' vault knows it: never its number."""

    scheme: str
    token: str


class CheckoutRequest(TypedDict):
    """The body of a checkout."""

    customer_id: int
    merchant_id: int
    amount_minor: int
    currency: str
    card: Card


def checkout(body: Mapping[str, Any]) -> CheckoutRequest:
    """Return the known fields of a checkout's body; raises ProblemError 400."""
    fields = Fields(body)
    card = fields.object("card")
    read = CheckoutRequest(
        customer_id=fields.integer("customer_id"),
        merchant_id=fields.integer("merchant_id"),
        amount_minor=fields.integer("amount_minor", high=LARGEST_AMOUNT),
        currency=fields.choice("currency", CURRENCIES),
        card=Card(
            scheme=card.choice("scheme", SCHEMES),
            token=card.text("token", _VISIBLE, "1 to 128 visible ASCII characters"),
        ),
    )
    fields.done()
    return read


def refund_amount(body: Mapping[str, Any]) -> int:
    """Return the amount of a refund's body; raises ProblemError 400."""
    fields = Fields(body)
    amount = fields.integer("amount_minor", high=LARGEST_AMOUNT)
    fields.done()
    return amount


def idempotency_key(value: str | None) -> str:
    """Return the key of an Idempotency-Key header; raises ProblemError 400."""
    if value is None or not _VISIBLE.fullmatch(value):
        raise ProblemError(
            400, "idempotency-key-required", "send an Idempotency-Key of 1 to 128 visible ASCII characters"
        )
    return value
