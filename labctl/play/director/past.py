"""What the history of a lab is written from: what was done to its schema, and why releases are made."""

from __future__ import annotations

from labctl.model.migration import Migration

MIGRATIONS = (
    Migration(
        "0029_merchants_reconciled_at",
        up="""
-- Merchants see since when their balance is confirmed.
ALTER TABLE merchants ADD COLUMN IF NOT EXISTS reconciled_at timestamptz;
""",
        down="",
    ),
    Migration(
        "0030_ledger_entries_request_id",
        up="""
-- Support asks for the request behind an entry. Old entries have none.
ALTER TABLE ledger_entries ADD COLUMN IF NOT EXISTS request_id text;
CREATE INDEX IF NOT EXISTS ledger_entries_request ON ledger_entries (request_id) WHERE request_id IS NOT NULL;
""",
        down="",
    ),
)
"""The last ones that the shipped schema holds (compose/postgres/schema.sql, indexes.sql)."""
MIGRATION_WORDS = (
    "Keep since when a merchant's balance is confirmed",
    "Keep which request is behind a ledger entry (asked for by support)",
)
RELEASE_WORDS = (
    "Rebuild on this week's base image",
    "Rebuild with the updated dependencies",
    "Build with the base image's security updates",
    "Rebuild: certificates of the base image renewed",
    "Release what the last sprint left, no change for users",
)
RELEASED = ("gateway", "payments", "risk", "ledger", "jobs")
"""The services of which a release of the last days is told."""
