"""Reading what payments sends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.common.fields import Fields

CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True)
class AssessmentRequest:
    """Who wants to pay whom how much (minor units)."""

    customer_id: int
    merchant_id: int
    amount_minor: int
    currency: str


def assessment(body: Mapping[str, Any]) -> AssessmentRequest:
    """Return what is to be assessed; raises ProblemError 400 that names the field."""
    fields = Fields(body)
    read = AssessmentRequest(
        customer_id=fields.integer("customer_id"),
        merchant_id=fields.integer("merchant_id"),
        amount_minor=fields.integer("amount_minor"),
        currency=fields.text("currency", CURRENCY, "three capital letters (ISO 4217)"),
    )
    fields.done()
    return read
