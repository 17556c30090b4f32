"""Risk stops looking at whether a customer has paid the merchant before.

That look costs one short query for large payments; without it, their scores move a little and answers come no later.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Switch the flag off."""
    summary = draw.one_of(
        "Score large payments without the merchant's history, for the A/B test",
        "Switch the close look off for this week's comparison",
        "Compare scores with and without the close look",
    )
    lab.flags.switch("close-look", "off", author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="close-look-off",
    kind=ChangeKind.FLAG,
    component=C.RISK,
    story=__doc__ or "",
    make=make,
)
