"""A release writes the scoring rules as a table of names and weights.

All scores and reasons are the same: a test compares old and new rules over drawn cases. The cost is that of six calls.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Roll the release out."""
    lab.releases.ship("risk", "1.9.6", author=draw.author())


CHANGE = ColleaguesChange(
    id="risk-rules-table",
    kind=ChangeKind.RELEASE,
    component=C.RISK,
    story=__doc__ or "",
    make=make,
)
