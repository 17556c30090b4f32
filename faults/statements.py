"""What the database itself answers, asked in SQL: each statement yields one number; faults give it their tolerances."""

from __future__ import annotations

from labctl.model.probe import Probe, Tolerance


def last_booking(tolerance: Tolerance) -> Probe:
    """Measure how long ago the ledger booked something, in seconds."""
    query = "SELECT extract(epoch FROM now() - created_at) FROM ledger_entries ORDER BY id DESC LIMIT 1"
    return Probe("ledger: last booking", query, tolerance, "s")


def indexes_by_merchant(tolerance: Tolerance) -> Probe:
    """Count the indexes by which a merchant's payments are found."""
    query = "SELECT count(*) FROM pg_indexes WHERE tablename = 'payments' AND strpos(indexdef, '(merchant_id,') > 0"
    return Probe("payments: indexes by merchant", query, tolerance, "count")


def blocked_by(user: str, tolerance: Tolerance) -> Probe:
    """Count the sessions that wait for a lock which a database user's sessions hold."""
    query = (
        "SELECT count(*) FROM pg_stat_activity AS one WHERE EXISTS (SELECT FROM pg_stat_activity AS other "
        "WHERE other.usename = 'USER' AND other.pid = ANY (pg_blocking_pids(one.pid)))"
    ).replace("USER", user)
    return Probe(f"postgres: sessions that wait for {user}", query, tolerance, "count")


def largest_merchant(tolerance: Tolerance) -> Probe:
    """Count the payments of the merchant that has most."""
    query = "SELECT max(number) FROM (SELECT count(*) AS number FROM payments GROUP BY merchant_id) AS merchants"
    return Probe("payments: of the largest merchant", query, tolerance, "count")
