"""Colleagues' changes: the ids of all harmless changes. A change's module has its id's name, with underscores."""

from __future__ import annotations

CHANGES: tuple[str, ...] = (
    "payments-log-refused-refunds",
    "ledger-batch-size",
    "close-look-off",
    "customers-segment-index",
    "merchants-statistics",
    "lunch-campaign",
)
