"""tidy: delete old idempotency keys and published events, a limited number of rows at a time."""

from __future__ import annotations

from services.common.statement import Session, Statement
from services.jobs.run import Findings

MOST_ROWS = 20_000

KEYS = Statement(
    "DELETE idempotency_keys",
    """
    DELETE FROM idempotency_keys WHERE (key, scope) IN (
        SELECT key, scope FROM idempotency_keys
        WHERE created_at < now() - interval '1 day' ORDER BY created_at LIMIT %(most)s)
    """,
)
EVENTS = Statement(
    "DELETE outbox",
    """
    DELETE FROM outbox WHERE id IN (
        SELECT id FROM outbox WHERE published_at < now() - interval '1 hour' ORDER BY id LIMIT %(most)s)
    """,
)


def tidy(session: Session) -> Findings:
    """Delete idempotency keys older than a day, and events published more than an hour ago."""
    return {
        "idempotency_keys": session.run(KEYS, {"most": MOST_ROWS}),
        "outbox_events": session.run(EVENTS, {"most": MOST_ROWS}),
    }
