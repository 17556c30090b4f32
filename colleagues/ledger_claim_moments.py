"""A release spreads the moments at which a ledger looks for messages that were left behind.

It looks every four and a half to five seconds instead of every five. In a healthy lab there is nothing to find.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Roll the release out."""
    lab.releases.ship("ledger", "1.6.3", author=draw.author())


CHANGE = ColleaguesChange(
    id="ledger-claim-moments",
    kind=ChangeKind.RELEASE,
    component=C.LEDGER,
    story=__doc__ or "",
    make=make,
)
