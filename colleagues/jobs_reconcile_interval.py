"""Reconciliation runs a little more, or less, often.

One run takes some ten milliseconds and reads the last minutes only.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the interval."""
    seconds = draw.one_of("18", "22", "24")
    summary = draw.one_of(
        f"Reconcile every {seconds} s",
        f"Compare payments and ledger every {seconds} s, as audit wants",
        "Reconciliation: not on the same second as the exporter",
    )
    lab.configuration.change("jobs", "RECONCILE_EVERY_SECONDS", seconds, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="jobs-reconcile-interval",
    kind=ChangeKind.CONFIGURATION,
    component=C.JOBS,
    story=__doc__ or "",
    make=make,
)
