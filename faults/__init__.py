"""The catalogue: the ids of all shipped faults. A fault's module has its id's name, with underscores."""

from __future__ import annotations

CATALOGUE: tuple[str, ...] = (
    "risk-cache-ttl-cut",
    "risk-timeout-cut",
    "risk-cache-key-regression",
    "payments-pool-cut",
    "payments-connection-leak",
    "history-n-plus-one",
    "merchant-index-dropped",
    "whale-merchant",
    "ledger-poison-message",
    "reconcile-row-locks",
    "risk-cpu-throttle",
    "redis-link-loss",
    "redis-evictions",
    "acquirer-slow-tail",
    "acquirer-scheme-errors",
    "gateway-leak-oom",
    "no-fault",
)
