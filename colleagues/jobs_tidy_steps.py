"""A release tidies up in steps of two thousand rows, with pauses between them.

Each step is a transaction of its own and deletes rows that nobody uses any more. Mostly the first one is not even full.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Roll the release out."""
    lab.releases.ship("jobs", "1.3.1", author=draw.author())


CHANGE = ColleaguesChange(
    id="jobs-tidy-steps",
    kind=ChangeKind.RELEASE,
    component=C.JOBS,
    story=__doc__ or "",
    make=make,
)
