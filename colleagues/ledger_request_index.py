"""A migration drops an index of the ledger's entries.

Only people who looked for a request's entries used it; no service and no job does. Bookings get a little cheaper.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.migration import Migration
from labctl.model.vocabulary import Component as C

MIGRATION = Migration(
    "0031_ledger_request_index",
    up="""
-- Support finds entries by payment now; nothing has used this since spring.
DROP INDEX IF EXISTS ledger_entries_request;
""",
    down="""
CREATE INDEX IF NOT EXISTS ledger_entries_request ON ledger_entries (request_id) WHERE request_id IS NOT NULL;
""",
)


def make(lab: Lab, draw: Draw) -> None:
    """Drop the index."""
    summary = draw.one_of(
        "Drop an index of the ledger that is no longer used (frees 3 MB)",
        "Ledger: one index less to write for each entry",
        "Remove the index by request: support uses the payment",
    )
    lab.database.migrate(MIGRATION, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="ledger-request-index",
    kind=ChangeKind.MIGRATION,
    component=C.POSTGRES,
    story=__doc__ or "",
    make=make,
)
