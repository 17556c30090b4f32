"""Payments looks a key up before it claims it.

A checkout makes one more query, by the primary key: half a millisecond. What a key does is the same.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Switch the flag on."""
    summary = draw.one_of(
        "Look keys up before claiming: fewer dead rows for vacuum",
        "Replays without a write",
        "Idempotency: read first, as load-tested",
    )
    lab.flags.switch("look-before-claim", "on", author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="look-before-claim-on",
    kind=ChangeKind.FLAG,
    component=C.PAYMENTS,
    story=__doc__ or "",
    make=make,
)
