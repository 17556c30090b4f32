"""Reading what the gateway sends."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from services.common import wire
from services.payments.model import Checkout


def checkout(body: Mapping[str, Any]) -> Checkout:
    """Return the checkout that `body` describes; raises ProblemError 400."""
    read = wire.checkout(body)
    return Checkout(
        customer_id=read["customer_id"],
        merchant_id=read["merchant_id"],
        amount_minor=read["amount_minor"],
        currency=read["currency"],
        scheme=read["card"]["scheme"],
        token=read["card"]["token"],
    )


def fingerprint(*parts: object) -> str:
    """Return a digest that is the same for the same request."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
