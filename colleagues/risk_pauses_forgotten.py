"""A release forgets a customer's pause as soon as it is over, and measures how many customers are paused.

A pause begins and ends at the same moments as before. The table is as small as it was, or smaller.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Roll the release out."""
    lab.releases.ship("risk", "1.9.5", author=draw.author())


CHANGE = ColleaguesChange(
    id="risk-pauses-forgotten",
    kind=ChangeKind.RELEASE,
    component=C.RISK,
    story=__doc__ or "",
    make=make,
)
