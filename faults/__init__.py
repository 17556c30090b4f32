"""The catalogue, as an explicit list: a fault's module is named after its id."""

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
