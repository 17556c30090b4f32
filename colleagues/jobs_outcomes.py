"""A release gives the outcome of a job a type of its own, and the log line the share of its interval that a run took.

What a job does, on which connection and within which limit is unchanged; so are the names of metrics.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Roll the release out."""
    lab.releases.ship("jobs", "1.3.4", author=draw.author())


CHANGE = ColleaguesChange(
    id="jobs-outcomes",
    kind=ChangeKind.RELEASE,
    component=C.JOBS,
    story=__doc__ or "",
    make=make,
)
