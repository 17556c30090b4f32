"""A release gives the parts of a cache key names, and adds a function that reads a key.

The keys are the same texts as before, so every entry is found that was found before.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Roll the release out."""
    lab.releases.ship("risk", "1.9.3", author=draw.author())


CHANGE = ColleaguesChange(
    id="risk-cache-key-names",
    kind=ChangeKind.RELEASE,
    component=C.RISK,
    story=__doc__ or "",
    make=make,
)
