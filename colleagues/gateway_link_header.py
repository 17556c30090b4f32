"""A release adds a Link header to pages of a merchant's payments, and describes the API to those who ask.

The body is as it was; reading a page's cursor again takes a fraction of a millisecond, and only for histories.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Roll the release out."""
    lab.releases.ship("gateway", "3.8.4", author=draw.author())


CHANGE = ColleaguesChange(
    id="gateway-link-header",
    kind=ChangeKind.RELEASE,
    component=C.GATEWAY,
    story=__doc__ or "",
    make=make,
)
