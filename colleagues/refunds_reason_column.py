"""A migration adds a column for the reason of a refund.

It may be empty and has no default, so that no row is written again; no service reads or writes it yet.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.migration import Migration
from labctl.model.vocabulary import Component as C

MIGRATION = Migration(
    "0031_refunds_reason",
    up="""
ALTER TABLE refunds ADD COLUMN IF NOT EXISTS reason text;
COMMENT ON COLUMN refunds.reason IS 'What the merchant gave as the reason; NULL before merchants were asked';
""",
    down="""
ALTER TABLE refunds DROP COLUMN IF EXISTS reason;
""",
)


def make(lab: Lab, draw: Draw) -> None:
    """Add the column."""
    summary = draw.one_of(
        "Refunds get a reason (for the merchants' new form)",
        "Prepare the reason of refunds",
        "Add refunds.reason, nullable; code follows next week",
    )
    lab.database.migrate(MIGRATION, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="refunds-reason-column",
    kind=ChangeKind.MIGRATION,
    component=C.POSTGRES,
    story=__doc__ or "",
    make=make,
)
