"""Payments waits for the acquirer a little longer, or shorter.

The acquirer answers within a tenth of a second; its rare late answers are late by less than that.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the time-out."""
    timeout = draw.one_of("1400", "1450", "1550", "1600")
    summary = draw.one_of(
        f"Card processor: time-out of {timeout} ms, as their new contract says",
        "Acquirer: wait as their status page recommends",
        f"Limit authorisations to {timeout} ms",
    )
    lab.configuration.change("payments", "ACQUIRER_TIMEOUT_MS", timeout, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="payments-acquirer-timeout",
    kind=ChangeKind.CONFIGURATION,
    component=C.PAYMENTS,
    story=__doc__ or "",
    make=make,
)
