"""A release accepts only numbers from 0 to 1 as the issuer's suspicion, and counts how the issuer was asked.

The issuers of the lab answer such numbers only. Whether, when and how often one is asked stays as it was.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Roll the release out."""
    lab.releases.ship("risk", "1.9.4", author=draw.author())


CHANGE = ColleaguesChange(
    id="risk-strict-signals",
    kind=ChangeKind.RELEASE,
    component=C.RISK,
    story=__doc__ or "",
    make=make,
)
