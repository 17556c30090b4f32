"""A partner gives money back in a batch, as it announced.

Refunds are few; twice as many are still less than an eighth of all requests.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange, Lasting
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Send more refunds."""
    summary = draw.one_of(
        "A partner refunds cancelled trips today",
        "Batch of refunds from a travel partner",
        "Recall at a partner: refunds through the day",
    )
    lab.load.shift(refund=draw.share(1.4, 2.0), author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="partner-refunds",
    kind=ChangeKind.TRAFFIC,
    component=C.CLIENTS,
    story=__doc__ or "",
    make=make,
    lasts=Lasting(120, 420),
    shows=C.CLIENTS,
)
