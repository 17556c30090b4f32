"""What a console offers to begin with: statements that look, and say nothing of what one will see."""

from __future__ import annotations

LIMITS = ("100", "500", "2000")
"""Rows that one may ask for."""
MOST_CHARACTERS = 4000
"""Of a statement: it is in the page's address, which has room for no more."""
EXAMPLES = {
    "Newest payments": "SELECT * FROM payments ORDER BY created_at DESC LIMIT 20",
    "Statements by the time they took": "SELECT calls, round(total_exec_time) AS total_ms, "
    "round(mean_exec_time::numeric, 2) AS mean_ms, rows, query\nFROM pg_stat_statements ORDER BY total_exec_time DESC "
    "LIMIT 20",
    "Tables by size": "SELECT relname, pg_size_pretty(pg_total_relation_size(relid)) AS size, n_live_tup, n_dead_tup, "
    "seq_scan, idx_scan, last_autovacuum, last_analyze\nFROM pg_stat_user_tables "
    "ORDER BY pg_total_relation_size(relid) DESC",
    "Indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
    "Locks that are waited for": "SELECT pid, locktype, relation::regclass, mode, waitstart FROM pg_locks "
    "WHERE NOT granted ORDER BY waitstart",
}
