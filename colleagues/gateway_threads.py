"""The gateway gets a few more threads.

A thread that has nothing to do costs some memory. The limit on requests in flight stays below their number, as it has
to.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the number of threads."""
    threads = draw.one_of("26", "28", "30", "32")
    summary = draw.one_of(
        "More threads for the gateway: the campaign in December needs room",
        f"Serve {threads} requests at once at the gateway",
        "Threads: one size for gateway and back office",
    )
    lab.configuration.change("gateway", "THREADS", threads, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="gateway-threads",
    kind=ChangeKind.CONFIGURATION,
    component=C.GATEWAY,
    story=__doc__ or "",
    make=make,
)
