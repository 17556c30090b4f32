"""A release logs refunds that payments refuses, and names the page-size limit in one place.

A refund that is refused is rare, so that the log hardly grows; everything else behaves as before.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Roll the release out."""
    lab.releases.deploy("payments", "2.14.1", author=draw.author())


CHANGE = ColleaguesChange(
    id="payments-log-refused-refunds",
    kind=ChangeKind.RELEASE,
    component=C.PAYMENTS,
    story=__doc__ or "",
    make=make,
)
