"""A migration adds an index on the customers' segment, for a report.

The table is small and hardly ever written, and no query of the services filters by segment.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.migration import Migration
from labctl.model.vocabulary import Component as C

MIGRATION = Migration(
    "0032_customers_segment",
    up="""
-- For the segment report: few customers are plus or business.
CREATE INDEX IF NOT EXISTS customers_segment ON customers (segment) WHERE segment <> 'consumer';
""",
    down="""
DROP INDEX IF EXISTS customers_segment;
""",
)


def make(lab: Lab, draw: Draw) -> None:
    """Add the index."""
    summary = draw.one_of(
        "Index customers by segment, for the monthly report", "Make the segment report faster (small partial index)"
    )
    lab.database.migrate(MIGRATION, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="customers-segment-index",
    kind=ChangeKind.MIGRATION,
    component=C.POSTGRES,
    story=__doc__ or "",
    make=make,
)
