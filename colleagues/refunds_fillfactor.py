"""A migration leaves room on the pages of refunds that are written from now on.

A refund is updated once, soon after it was written; nothing else changes, and no page is written again.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.migration import Migration
from labctl.model.vocabulary import Component as C

MIGRATION = Migration(
    "0031_refunds_fillfactor",
    up="""
ALTER TABLE refunds SET (fillfactor = 80);
""",
    down="""
ALTER TABLE refunds RESET (fillfactor);
""",
)


def make(lab: Lab, draw: Draw) -> None:
    """Set the fill factor."""
    summary = draw.one_of(
        "Leave room for updates of refunds",
        "Refunds: fillfactor 80, as for the keys",
        "Fewer index writes when refunds are updated",
    )
    lab.database.migrate(MIGRATION, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="refunds-fillfactor",
    kind=ChangeKind.MIGRATION,
    component=C.POSTGRES,
    story=__doc__ or "",
    make=make,
)
