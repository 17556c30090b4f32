"""Risk waits a little longer, or shorter, for Redis.

Redis answers within a millisecond.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the time-out."""
    timeout = draw.one_of("90", "110", "120", "130")
    summary = draw.one_of(
        f"Redis: {timeout} ms per command, like the other services",
        "Cache commands: time-out from the platform's handbook",
        f"Don't count a slow switch as a miss: {timeout} ms for Redis",
    )
    lab.configuration.change("risk", "REDIS_TIMEOUT_MS", timeout, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="risk-redis-timeout",
    kind=ChangeKind.CONFIGURATION,
    component=C.RISK,
    story=__doc__ or "",
    make=make,
)
