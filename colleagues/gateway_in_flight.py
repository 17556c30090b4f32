"""The gateway lets a little fewer requests wait for payments at once.

On average it is two, so that the limit is never reached while all is well.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Lower the limit."""
    most = draw.one_of("21", "22")
    summary = draw.one_of(
        "Turn requests away a little earlier: leave threads for look-ups",
        f"At most {most} requests wait for payments (capacity review)",
        "Keep more of the gateway's threads free",
    )
    lab.configuration.change("gateway", "MAX_IN_FLIGHT", most, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="gateway-in-flight",
    kind=ChangeKind.CONFIGURATION,
    component=C.GATEWAY,
    story=__doc__ or "",
    make=make,
)
