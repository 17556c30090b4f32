"""A release moves the longer statements of payments into files of their own.

The database gets the same texts, byte for byte but for the space around them. They are read once, at the start.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Roll the release out."""
    lab.releases.ship("payments", "2.14.7", author=draw.author())


CHANGE = ColleaguesChange(
    id="payments-statement-files",
    kind=ChangeKind.RELEASE,
    component=C.PAYMENTS,
    story=__doc__ or "",
    make=make,
)
