"""A lab's own passwords: made once, kept in its lab.env (0600), never printed but where a learner needs one."""

from __future__ import annotations

import secrets

VARIABLES = (
    "PAYMENTS_DB_PASSWORD",
    "RISK_DB_PASSWORD",
    "LEDGER_DB_PASSWORD",
    "JOBS_DB_PASSWORD",
    "MONITOR_DB_PASSWORD",
    "OBSERVER_DB_PASSWORD",
    "REDIS_PASSWORD",
)


def complete(known: dict[str, str]) -> dict[str, str]:
    """Return a password for each variable: the known one, or a new one that needs no quoting in a URL."""
    return {name: known.get(name) or secrets.token_hex(16) for name in VARIABLES}
