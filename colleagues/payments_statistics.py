"""A migration has the database sample a column of payments more thoroughly.

The next ANALYZE takes a little longer. Plans for a merchant use the same index: there is none better.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.migration import Migration
from labctl.model.vocabulary import Component as C

MIGRATION = Migration(
    "0031_payments_statistics",
    up="""
-- The default samples too few of the rare merchants.
ALTER TABLE payments ALTER COLUMN merchant_id SET STATISTICS 200;
""",
    down="""
ALTER TABLE payments ALTER COLUMN merchant_id SET STATISTICS -1;
""",
)


def make(lab: Lab, draw: Draw) -> None:
    """Raise the target."""
    summary = draw.one_of(
        "Better estimates for small merchants",
        "Statistics target for merchants' payments (query review)",
        "Sample merchants in payments more thoroughly",
    )
    lab.database.migrate(MIGRATION, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="payments-statistics",
    kind=ChangeKind.MIGRATION,
    component=C.POSTGRES,
    story=__doc__ or "",
    make=make,
)
