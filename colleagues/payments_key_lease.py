"""A release answers 409 with the time that is left of a key's lease, and logs keys that were taken over.

The statement that claims a key locks and writes what it did; it only returns one more column.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Roll the release out."""
    lab.releases.ship("payments", "2.14.3", author=draw.author())


CHANGE = ColleaguesChange(
    id="payments-key-lease",
    kind=ChangeKind.RELEASE,
    component=C.PAYMENTS,
    story=__doc__ or "",
    make=make,
)
