"""A release logs jobs that begin late.

When which job runs is decided as before; there is a line in the log when one had to wait for another.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Roll the release out."""
    lab.releases.ship("jobs", "1.3.3", author=draw.author())


CHANGE = ColleaguesChange(
    id="jobs-late-starts",
    kind=ChangeKind.RELEASE,
    component=C.JOBS,
    story=__doc__ or "",
    make=make,
)
