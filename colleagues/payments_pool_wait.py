"""Payments waits a little longer, or shorter, for a free connection.

A free one is at hand in the lab's normal state, so that nobody waits at all.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the wait."""
    wait = draw.one_of("350", "380", "450", "500")
    summary = draw.one_of(
        f"Wait {wait} ms for a connection, then say so",
        "Pool: a wait that fits the read deadline",
        f"Give up on a busy pool after {wait} ms",
    )
    lab.configuration.change("payments", "DB_POOL_TIMEOUT_MS", wait, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="payments-pool-wait",
    kind=ChangeKind.CONFIGURATION,
    component=C.PAYMENTS,
    story=__doc__ or "",
    make=make,
)
