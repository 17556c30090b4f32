"""An app asks for payments' states more often for a while, as its makers announced.

Look-ups are the cheapest requests, and a fifth of all.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange, Lasting
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Send more look-ups."""
    summary = draw.one_of(
        "The shops' app shows payments live from today (partner)",
        "App release at a partner: more look-ups expected",
        "Push campaign of the app: users open their payments",
    )
    lab.load.shift(lookup=draw.share(1.1, 1.2), author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="look-up-campaign",
    kind=ChangeKind.TRAFFIC,
    component=C.CLIENTS,
    story=__doc__ or "",
    make=make,
    lasts=Lasting(120, 420),
    shows=C.CLIENTS,
)
