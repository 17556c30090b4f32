"""Risk waits a little longer, or shorter, for the issuer's signals.

Issuers take some 40 ms; none comes near the limit.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the time-out."""
    timeout = draw.one_of("170", "180", "220", "240")
    summary = draw.one_of(
        f"Issuers' signals: wait {timeout} ms",
        "Signals: the time-out that the issuers promise",
        f"Ask issuers within {timeout} ms or go without",
    )
    lab.configuration.change("risk", "SIGNALS_TIMEOUT_MS", timeout, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="risk-signals-timeout",
    kind=ChangeKind.CONFIGURATION,
    component=C.RISK,
    story=__doc__ or "",
    make=make,
)
