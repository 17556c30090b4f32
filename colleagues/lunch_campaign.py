"""A newsletter brings some more customers for a few minutes, as marketing announced.

The steady state allows for more than that, and the services have room for it.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange, Lasting
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Send the newsletter."""
    summary = draw.one_of(
        "Newsletter goes out to customers (marketing)", "Voucher by mail to customers of the last month (marketing)"
    )
    lab.load.shift(draw.share(1.03, 1.08), checkout=draw.share(1.0, 1.05), author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="lunch-campaign",
    kind=ChangeKind.TRAFFIC,
    component=C.CLIENTS,
    story=__doc__ or "",
    make=make,
    lasts=Lasting(120, 300),
)
