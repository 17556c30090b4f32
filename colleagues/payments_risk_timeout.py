"""Payments waits for an assessment a few per cent longer, or shorter.

Assessments take 10 ms, or 60 when the issuer is asked: all of them are far below it.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the time-out."""
    timeout = draw.one_of("240", "260", "270", "280")
    summary = draw.one_of(
        f"Wait {timeout} ms for an assessment: follows risk's own query limit",
        "Align the time-out for risk with the SLO review",
        "Risk: time-out from the last capacity test",
    )
    lab.configuration.change("payments", "RISK_TIMEOUT_MS", timeout, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="payments-risk-timeout",
    kind=ChangeKind.CONFIGURATION,
    component=C.PAYMENTS,
    story=__doc__ or "",
    make=make,
)
