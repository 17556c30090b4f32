"""A migration adds an index on the acquirer's reference, while payments are written.

No query of the services uses it; each payment that is written updates one index more.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.migration import Migration
from labctl.model.vocabulary import Component as C

MIGRATION = Migration(
    "0031_payments_reference",
    up="""
-- An attempt that was given up leaves an index that is not valid.
DROP INDEX IF EXISTS payments_acquirer_reference;
CREATE INDEX CONCURRENTLY payments_acquirer_reference ON payments (acquirer_reference)
    WHERE acquirer_reference IS NOT NULL;
""",
    down="""
DROP INDEX IF EXISTS payments_acquirer_reference;
""",
)


def make(lab: Lab, draw: Draw) -> None:
    """Add the index."""
    summary = draw.one_of(
        "Find payments by the acquirer's reference: disputes quote it",
        "Index the acquirer's references, without locking",
        "Support searches by reference: add the index",
    )
    lab.database.migrate(MIGRATION, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="payments-reference-index",
    kind=ChangeKind.MIGRATION,
    component=C.POSTGRES,
    story=__doc__ or "",
    make=make,
)
