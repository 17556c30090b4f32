"""The ledger tries a message that can't be booked once more, or once less.

There is no such message while all is well: each is booked at its first delivery.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the number."""
    most = draw.one_of("4", "6", "8")
    summary = draw.one_of(
        f"Give a message {most} deliveries",
        "Dead letters: as many deliveries as the other consumers allow",
        f"Try messages {most} times before somebody has to look",
    )
    lab.configuration.change("ledger", "MAX_DELIVERIES", most, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="ledger-most-deliveries",
    kind=ChangeKind.CONFIGURATION,
    component=C.LEDGER,
    story=__doc__ or "",
    make=make,
)
