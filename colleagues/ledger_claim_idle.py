"""The ledger takes over what another ledger left behind a few seconds earlier, or later.

That happens only when one dies with a message in hand.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the time."""
    idle = draw.one_of("12000", "18000", "20000")
    summary = draw.one_of(
        f"Take over messages after {idle} ms",
        "Stuck messages: longer than a roll-out, shorter than an alert",
        "Ledger: take-over time from the game day",
    )
    lab.configuration.change("ledger", "CLAIM_IDLE_MS", idle, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="ledger-claim-idle",
    kind=ChangeKind.CONFIGURATION,
    component=C.LEDGER,
    story=__doc__ or "",
    make=make,
)
