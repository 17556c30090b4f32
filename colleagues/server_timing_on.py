"""The gateway tells clients in a header how long their requests took.

That is a clock and thirty bytes for each answer.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Switch the flag on."""
    summary = draw.one_of(
        "Server-Timing for all clients (asked for by the shops' developers)",
        "Answers say how long they took",
        "Roll Server-Timing out to everybody",
    )
    lab.flags.switch("server-timing", "on", author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="server-timing-on",
    kind=ChangeKind.FLAG,
    component=C.GATEWAY,
    story=__doc__ or "",
    make=make,
)
