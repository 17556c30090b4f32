"""A release builds the retry policies of both peers in one function.

Names of settings and defaults are the same, so attempts, pauses and budgets are, too. The start logs one line per peer.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Roll the release out."""
    lab.releases.ship("payments", "2.14.4", author=draw.author())


CHANGE = ColleaguesChange(
    id="payments-retry-policy",
    kind=ChangeKind.RELEASE,
    component=C.PAYMENTS,
    story=__doc__ or "",
    make=make,
)
