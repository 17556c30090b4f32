"""The database may take a little longer, or shorter, for a booking.

A booking takes a few milliseconds.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the time-out."""
    timeout = draw.one_of("4000", "6000", "8000", "12000")
    summary = draw.one_of(
        f"Bookings: statement time-out of {timeout} ms",
        "Ledger: statement limit below the lease of its messages",
        "One statement limit for all writers",
    )
    lab.configuration.change("ledger", "DB_STATEMENT_TIMEOUT_MS", timeout, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="ledger-statement-timeout",
    kind=ChangeKind.CONFIGURATION,
    component=C.LEDGER,
    story=__doc__ or "",
    make=make,
)
