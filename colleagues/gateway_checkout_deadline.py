"""The gateway's deadline for checkouts moves by a twentieth.

A checkout takes some hundred milliseconds. Even all attempts at risk, which take over two seconds, fit into it.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the deadline."""
    deadline = draw.one_of("3800", "3900", "4100", "4200")
    summary = draw.one_of(
        "Checkouts: end before the shops' own time-out",
        f"A checkout may take {deadline} ms, as the new contract says",
        "Deadline for checkouts: follow the shops' survey",
    )
    lab.configuration.change("gateway", "CHECKOUT_DEADLINE_MS", deadline, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="gateway-checkout-deadline",
    kind=ChangeKind.CONFIGURATION,
    component=C.GATEWAY,
    story=__doc__ or "",
    make=make,
)
