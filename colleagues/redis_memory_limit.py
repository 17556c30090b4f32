"""Redis may use a few megabytes more, or less.

Cache and stream need two of them together, so that nothing is evicted.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the limit."""
    limit = draw.one_of("40mb", "44mb", "52mb", "56mb")
    summary = draw.one_of(
        f"Redis: {limit}, as the other caches of this size",
        "Resize Redis after the review of reservations",
        f"Memory for Redis: {limit} (agreed with the platform team)",
    )
    lab.cache.configure("MAXMEMORY", limit, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="redis-memory-limit",
    kind=ChangeKind.CONFIGURATION,
    component=C.REDIS,
    story=__doc__ or "",
    make=make,
)
