"""The share of calls that payments may try again moves a little.

Of a thousand calls one or two fail in a healthy lab; the budget is never used up.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the share."""
    ratio = draw.one_of("0.45", "0.55", "0.6")
    summary = draw.one_of(
        f"Retries may add {ratio} of the calls, as for the other teams",
        "Retry budget: the platform's new value",
        "Adjust the retry budget to what we measured last quarter",
    )
    lab.configuration.change("payments", "RETRY_BUDGET_RATIO", ratio, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="payments-retry-budget",
    kind=ChangeKind.CONFIGURATION,
    component=C.PAYMENTS,
    story=__doc__ or "",
    make=make,
)
