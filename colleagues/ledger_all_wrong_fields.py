"""A release names all wrong fields of a malformed event, not only the first.

Events that are right are read to the same values. What becomes of the others, and when, does not change either.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Roll the release out."""
    lab.releases.ship("ledger", "1.6.4", author=draw.author())


CHANGE = ColleaguesChange(
    id="ledger-all-wrong-fields",
    kind=ChangeKind.RELEASE,
    component=C.LEDGER,
    story=__doc__ or "",
    make=make,
)
