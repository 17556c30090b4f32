"""Payments keeps a connection more or less to the database.

It uses two at a time, and the database has dozens to give.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the pool's size."""
    most = draw.one_of("7", "9", "10")
    summary = draw.one_of(
        f"Connections of payments after the yearly review: {most}",
        "Resize the pool of payments (agreed with the database team)",
        f"Payments: {most} connections, we add up to the server's limit now",
    )
    lab.configuration.change("payments", "DB_POOL_MAX", most, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="payments-pool-size",
    kind=ChangeKind.CONFIGURATION,
    component=C.PAYMENTS,
    story=__doc__ or "",
    make=make,
)
