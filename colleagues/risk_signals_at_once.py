"""Risk asks issuers about one customer more, or fewer, at once.

Hardly ever are more than two asked at the same moment.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the limit."""
    most = draw.one_of("5", "7", "8")
    summary = draw.one_of(
        f"Ask up to {most} issuers at once (processor's fair use)",
        f"Signals: room for {most} questions",
        "Limit of questions to issuers, after the invoice",
    )
    lab.configuration.change("risk", "SIGNALS_AT_ONCE", most, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="risk-signals-at-once",
    kind=ChangeKind.CONFIGURATION,
    component=C.RISK,
    story=__doc__ or "",
    make=make,
)
