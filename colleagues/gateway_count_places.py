"""A release counts the requests that wait for payments, and those that are turned away.

The limit is where it was: a place is taken before the call and given back after it, whatever happens. Two counters and
a clock cost microseconds.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Roll the release out."""
    lab.releases.ship("gateway", "3.8.2", author=draw.author())


CHANGE = ColleaguesChange(
    id="gateway-count-places",
    kind=ChangeKind.RELEASE,
    component=C.GATEWAY,
    story=__doc__ or "",
    make=make,
)
