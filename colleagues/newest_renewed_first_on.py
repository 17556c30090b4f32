"""Of the cached features that are to be renewed, risk renews first those that were asked for last.

One waits at most, so that the order makes no difference in a healthy lab.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Switch the flag on."""
    summary = draw.one_of(
        "Renew features of active customers first",
        "Cache: renew in the order of demand",
        "Renewals: newest first, as fraud asked",
    )
    lab.flags.switch("newest-renewed-first", "on", author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="newest-renewed-first-on",
    kind=ChangeKind.FLAG,
    component=C.RISK,
    story=__doc__ or "",
    make=make,
)
