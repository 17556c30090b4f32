"""Merchants look at their payments more often for a while, at the end of a month.

Histories are a seventh of all requests, and the services have room for more of them.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange, Lasting
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Send more requests for histories."""
    summary = draw.one_of(
        "End of the month: merchants look at their payments",
        "Accounting season: more requests from back offices expected",
        "Back-office training at a partner this week",
    )
    lab.load.shift(history=draw.share(1.15, 1.35), author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="history-surge",
    kind=ChangeKind.TRAFFIC,
    component=C.CLIENTS,
    story=__doc__ or "",
    make=make,
    lasts=Lasting(120, 420),
)
