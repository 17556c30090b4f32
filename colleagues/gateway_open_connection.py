"""A release calls payments once while the gateway starts, so that a connection is open before the first request.

It waits a quarter of a second at most, and the container takes no requests before that. Nothing changes afterwards.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Roll the release out."""
    lab.releases.ship("gateway", "3.8.5", author=draw.author())


CHANGE = ColleaguesChange(
    id="gateway-open-connection",
    kind=ChangeKind.RELEASE,
    component=C.GATEWAY,
    story=__doc__ or "",
    make=make,
)
