"""The closer look at large payments begins at a slightly different amount.

Some payments in a hundred get one short query more, or fewer.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the amount."""
    amount = draw.one_of("7200", "7800", "8000")
    summary = draw.one_of(
        f"Closer look from {amount} minor units on",
        "Fraud: new limit for large payments",
        f"Large payments begin at {amount}, says the fraud review",
    )
    lab.configuration.change("risk", "CLOSE_LOOK_FROM_MINOR", amount, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="risk-close-look-from",
    kind=ChangeKind.CONFIGURATION,
    component=C.RISK,
    story=__doc__ or "",
    make=make,
)
