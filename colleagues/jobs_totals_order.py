"""A release writes the totals of the hour in the order of their key, and counts the merchants of the hour.

The same rows are written, to a table that only this job writes. The count reads some hundred rows by the primary key.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Roll the release out."""
    lab.releases.ship("jobs", "1.3.2", author=draw.author())


CHANGE = ColleaguesChange(
    id="jobs-totals-order",
    kind=ChangeKind.RELEASE,
    component=C.JOBS,
    story=__doc__ or "",
    make=make,
)
