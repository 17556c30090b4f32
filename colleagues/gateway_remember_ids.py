"""A release remembers the last thousand payment ids that were found well formed.

The memory for them is bounded, well below a megabyte. What is asked of payments, and what clients get, stays the same.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Roll the release out."""
    lab.releases.ship("gateway", "3.8.3", author=draw.author())


CHANGE = ColleaguesChange(
    id="gateway-remember-ids",
    kind=ChangeKind.RELEASE,
    component=C.GATEWAY,
    story=__doc__ or "",
    make=make,
)
