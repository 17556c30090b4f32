"""The figures that a merchant's back office shows above its latest payments: read within a time limit, or left out.

Checkouts need the database more, so a query that takes too long is cancelled and tried again: at once, since it may
have been bad luck, and the last time after a pause, when the database may be less busy. A page without figures is
better than none.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from services.common import deadline
from services.common.database import QueryTimeoutError
from services.common.statement import Statement

SUMMARY_DAYS = 30
LATEST = 100
"""How many of the latest payments of a card scheme or a currency its figure covers, at most."""

# One round trip. Everything is on the index (merchant_id, created_at DESC, id DESC): it costs what the merchant sells.
FIGURES = Statement(
    "SELECT payments figures",
    """
    SELECT (SELECT coalesce(jsonb_agg(taken ORDER BY taken.currency), '[]')
            FROM (SELECT currency, count(*) AS payments, count(DISTINCT customer_id) AS customers,
                         sum(amount_minor)::bigint AS amount_minor
                  FROM payments
                  WHERE merchant_id = %(merchant_id)s AND status = 'captured'
                    AND created_at >= now() - %(days)s * interval '1 day'
                  GROUP BY currency) AS taken) AS summary,
           (SELECT jsonb_object_agg(scheme, declined)
            FROM (VALUES ('visa'), ('mastercard'), ('amex')) AS of(scheme),
                 LATERAL (SELECT count(*) FILTER (WHERE status = 'declined') AS declined
                          FROM (SELECT status FROM payments
                                WHERE merchant_id = %(merchant_id)s AND scheme = of.scheme
                                ORDER BY created_at DESC, id DESC LIMIT %(latest)s) AS latest) AS counted) AS declined,
           (SELECT jsonb_object_agg(currency, amount_minor)
            FROM (VALUES ('EUR'), ('GBP'), ('USD')) AS of(currency),
                 LATERAL (SELECT round(avg(amount_minor))::bigint AS amount_minor
                          FROM (SELECT amount_minor FROM payments
                                WHERE merchant_id = %(merchant_id)s AND currency = of.currency
                                ORDER BY created_at DESC, id DESC LIMIT %(latest)s) AS latest) AS averaged) AS lately,
           (SELECT jsonb_object_agg(scheme || ' ' || currency, created_at)
            FROM (VALUES ('visa'), ('mastercard'), ('amex')) AS of(scheme),
                 (VALUES ('EUR'), ('GBP'), ('USD')) AS in_(currency),
                 LATERAL (SELECT created_at FROM payments
                          WHERE merchant_id = %(merchant_id)s AND scheme = of.scheme AND currency = in_.currency
                          ORDER BY created_at DESC, id DESC LIMIT 1) AS latest) AS last
    """,
)
NONE: dict[str, object] = dict.fromkeys(("summary", "declined", "lately", "last"))

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Patience:
    """How long the figures may take at each attempt, how many attempts, and the pause before the last; in seconds."""

    seconds: float
    attempts: int
    pause: float


def figures(
    query: Callable[[int, float], dict[str, object]],
    merchant_id: int,
    patience: Patience,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> dict[str, object]:
    """Return a merchant's figures by `query` (merchant, seconds); NONE when every attempt took too long."""
    for attempt in range(1, patience.attempts + 1):
        try:
            return query(merchant_id, patience.seconds)
        except QueryTimeoutError:
            _log.warning("figures took too long", extra={"merchant_id": merchant_id, "attempt": attempt})
        if attempt == patience.attempts - 1:
            sleep(deadline.within(patience.pause))
        deadline.check()
    return NONE
