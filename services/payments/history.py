"""Pages of a merchant's payments, and the cursor between two of them."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from uuid import UUID

from services.common.problem import ProblemError
from services.payments.figures import Patience, figures
from services.payments.model import Payment
from services.payments.repository import PaymentStore

Point = tuple[datetime, UUID]

NEWEST: Point = (datetime.max.replace(tzinfo=UTC), UUID(int=2**128 - 1))


def page(
    store: PaymentStore, merchant_id: int, before: str | None, limit: int, patience: Patience
) -> dict[str, object]:
    """Return {items, next}: `next` is the cursor of the following page, or None on the last one.

    The first page brings the merchant's figures: `summary`, what was taken in lately, by currency, `declined` and
    `lately`, how many of the latest payments of each card scheme were declined and what those in each currency amount
    to on average, and `last`, when the last one of each was; all of them None when that takes too long.
    """
    point = decode(before) if before else NEWEST
    found = store.history(merchant_id, point, limit + 1)
    items = found[:limit]
    more = len(found) > limit
    shown: dict[str, object] = {
        "items": [payment.document() for payment in items],
        "next": encode(items[-1]) if more else None,
    }
    if before:
        return shown
    return {**shown, **figures(store.figures, merchant_id, patience)}


def encode(payment: Payment) -> str:
    """Return the cursor for what comes after `payment`."""
    raw = f"{payment.created_at.astimezone(UTC).isoformat()} {payment.id}"
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def decode(cursor: str) -> Point:
    """Return the point of a cursor; raises ProblemError 400 for anything that we didn't make."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
        moment, payment_id = raw.split(" ")
        point = datetime.fromisoformat(moment).astimezone(UTC), UUID(payment_id)
    except (ValueError, OverflowError) as error:
        raise ProblemError(400, "invalid-cursor", "`before` is not a cursor that we gave out") from error
    return point
