"""report: what every merchant has taken in, by the hour."""

from __future__ import annotations

from services.common.statement import Session, Statement
from services.jobs.run import Findings

# The current hour, and for ten more minutes the one before. Totals that stay the same aren't written.
TOTALS = Statement(
    "INSERT merchant_totals",
    """
    INSERT INTO merchant_totals AS total (hour, merchant_id, currency, payments, amount_minor)
    SELECT date_trunc('hour', created_at), merchant_id, currency, count(*), sum(amount_minor)
    FROM payments
    WHERE created_at >= date_trunc('hour', now() - interval '10 minutes') AND status = 'captured'
    GROUP BY 1, 2, 3
    ON CONFLICT (hour, merchant_id, currency) DO UPDATE
    SET payments = excluded.payments, amount_minor = excluded.amount_minor
    WHERE (total.payments, total.amount_minor) <> (excluded.payments, excluded.amount_minor)
    """,
)


def report(session: Session) -> Findings:
    """Bring the totals up to date; returns how many changed."""
    return {"merchant_totals": session.run(TOTALS)}
