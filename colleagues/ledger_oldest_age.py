"""A release measures the age of the oldest open message of the stream.

One more short command a second for Redis, on the thread of a background loop of its own.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Roll the release out."""
    lab.releases.ship("ledger", "1.6.5", author=draw.author())


CHANGE = ColleaguesChange(
    id="ledger-oldest-age",
    kind=ChangeKind.RELEASE,
    component=C.LEDGER,
    story=__doc__ or "",
    make=make,
)
