"""Payments no longer says in an event when it was published.

No consumer reads the field; the others of an event are as before.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Switch the flag off."""
    summary = draw.one_of(
        "Events without a publishing time: the warehouse has its own",
        "Leave the publishing time out of events (smaller stream)",
        "Events: back to the fields of the contract",
    )
    lab.flags.switch("publishing-time", "off", author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="publishing-time-off",
    kind=ChangeKind.FLAG,
    component=C.PAYMENTS,
    story=__doc__ or "",
    make=make,
)
