"""Fewer customers are about for a while: a holiday, a football match.

Everything is as fast as before, or faster.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange, Lasting
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Let some customers stay away."""
    summary = draw.one_of(
        "Public holiday in two countries: less traffic expected",
        "Maintenance at a large shop, fewer checkouts expected",
        "Evening match: less traffic expected (marketing)",
    )
    lab.load.shift(draw.share(0.88, 0.94), author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="slow-night",
    kind=ChangeKind.TRAFFIC,
    component=C.CLIENTS,
    story=__doc__ or "",
    make=make,
    lasts=Lasting(180, 600),
)
