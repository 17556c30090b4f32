"""The gateway's deadline for look-ups and histories moves by a tenth.

They take some ten milliseconds; the deadline is far away from all of them.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the deadline."""
    deadline = draw.one_of("760", "780", "850", "900")
    summary = draw.one_of(
        "Look-ups: align the deadline with what the shops' plug-in waits",
        f"Give look-ups {deadline} ms in all",
        "Read deadline as agreed with the partners' team",
    )
    lab.configuration.change("gateway", "READ_DEADLINE_MS", deadline, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="gateway-read-deadline",
    kind=ChangeKind.CONFIGURATION,
    component=C.GATEWAY,
    story=__doc__ or "",
    make=make,
)
