"""The ledger keeps more connections to the database.

It books one event after the other, on one connection; the others idle.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the pool's size."""
    most = draw.one_of("3", "4", "8")
    summary = draw.one_of(
        "A spare connection for the ledger's health checks",
        f"Ledger: {most} connections, for next month's other workers",
        "Room for readiness checks in the ledger's pool",
    )
    lab.configuration.change("ledger", "DB_POOL_MAX", most, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="ledger-pool-size",
    kind=ChangeKind.CONFIGURATION,
    component=C.LEDGER,
    story=__doc__ or "",
    make=make,
)
