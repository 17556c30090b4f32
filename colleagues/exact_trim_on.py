"""The ledger trims the stream to the message instead of to the block.

The stream is trimmed every second anyway. It has some dozens of messages, so that trimming exactly costs nothing.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Switch the flag on."""
    summary = draw.one_of(
        "Trim the stream exactly: it stays short during the sale",
        "Stream: drop booked messages one by one",
        "Keep no booked messages in Redis",
    )
    lab.flags.switch("exact-trim", "on", author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="exact-trim-on",
    kind=ChangeKind.FLAG,
    component=C.LEDGER,
    story=__doc__ or "",
    make=make,
)
