"""A release publishes events in batches of at most 40, and measures each batch.

At the usual rate a batch has one or two events, so that none is ever full; after a stop there are a few more steps.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Roll the release out."""
    lab.releases.ship("payments", "2.14.5", author=draw.author())


CHANGE = ColleaguesChange(
    id="payments-outbox-batches",
    kind=ChangeKind.RELEASE,
    component=C.PAYMENTS,
    story=__doc__ or "",
    make=make,
)
