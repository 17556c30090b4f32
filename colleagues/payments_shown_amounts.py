"""A release shows amounts as decimal numbers beside the minor units.

That is one division of whole numbers for each payment that is shown. Nobody has to read the new field.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Roll the release out."""
    lab.releases.ship("payments", "2.14.6", author=draw.author())


CHANGE = ColleaguesChange(
    id="payments-shown-amounts",
    kind=ChangeKind.RELEASE,
    component=C.PAYMENTS,
    story=__doc__ or "",
    make=make,
)
