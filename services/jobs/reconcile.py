"""reconcile: compare payments with the ledger over the last minutes, and the ledger with itself."""

from __future__ import annotations

from services.common.statement import Session, Statement
from services.jobs.run import Findings

# The last minute is left out: the ledger may still be at it.
UNBOOKED = Statement(
    "SELECT payments",
    """
    SELECT count(*) AS payments FROM payments p
    WHERE p.created_at BETWEEN now() - interval '6 minutes' AND now() - interval '1 minute' AND p.status = 'captured'
      AND NOT EXISTS (SELECT FROM ledger_entries e WHERE e.payment_id = p.id)
    """,
)
UNBALANCED = Statement(
    "SELECT ledger_entries",
    """
    SELECT count(*) AS events FROM (
        SELECT event_id FROM ledger_entries
        WHERE created_at > now() - interval '6 minutes' AND payment_id IS NOT NULL
        GROUP BY event_id
        HAVING sum(CASE direction WHEN 'debit' THEN amount_minor ELSE -amount_minor END) <> 0) AS unbalanced
    """,
)
NET = Statement(
    "SELECT balances",
    "SELECT count(*) AS currencies FROM (SELECT FROM balances GROUP BY currency HAVING sum(amount_minor) <> 0) AS net",
)
# Merchants see since when their balance is confirmed.
CONFIRM = Statement(
    "UPDATE merchants",
    """
    UPDATE merchants SET reconciled_at = now()
    WHERE id IN (SELECT merchant_id FROM payments
                 WHERE created_at BETWEEN now() - interval '6 minutes' AND now() - interval '1 minute')
    """,
)


def reconcile(session: Session) -> Findings:
    """Count payments without entries, events that don't balance, currencies that don't net to zero.

    When there are none, the merchants that sold something are marked as reconciled.
    """
    findings = _compare(session)
    if not any(findings.values()):
        session.run(CONFIRM)
    return findings


def _compare(session: Session) -> Findings:
    return {
        "unbooked_payments": _count(session, UNBOOKED, "payments"),
        "unbalanced_events": _count(session, UNBALANCED, "events"),
        "unbalanced_currencies": _count(session, NET, "currencies"),
    }


def _count(session: Session, statement: Statement, column: str) -> int:
    row = session.row(statement)
    return int(row[column]) if row else 0
