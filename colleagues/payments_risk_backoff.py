"""Payments pauses a little longer, or shorter, before it asks risk again.

In a healthy lab hardly anything is asked again. All attempts together still outlast a restart of risk.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the pause."""
    pause = draw.one_of("320", "340", "370", "380")
    summary = draw.one_of(
        f"Retries to risk: first pause of {pause} ms",
        "Spread retries so that they don't meet",
        "Back off as the load test suggests",
    )
    lab.configuration.change("payments", "RISK_BACKOFF_MS", pause, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="payments-risk-backoff",
    kind=ChangeKind.CONFIGURATION,
    component=C.PAYMENTS,
    story=__doc__ or "",
    make=make,
)
