"""The ledger takes a few more or fewer events from the stream at once.

It is never more than a second behind, so that a batch is hardly ever full.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the batch's size."""
    size = draw.one_of(16, 24, 30, 32)
    summary = draw.one_of(
        "Take events from the stream in batches that fit its page size",
        f"Book up to {size} events at once",
        "Ledger: tune the batch size after last week's review",
    )
    lab.configuration.change("ledger", "BATCH", str(size), author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="ledger-batch-size",
    kind=ChangeKind.CONFIGURATION,
    component=C.LEDGER,
    story=__doc__ or "",
    make=make,
)
