"""Risk keeps features for longer, or some minutes shorter.

Entries are renewed in the background before they expire, so that the hit ratio stays what it is.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the lifetime."""
    lifetime = draw.one_of("3300", "3900", "4500", "7200")
    summary = draw.one_of(
        f"Features: keep them for {lifetime} s (agreed with fraud)",
        "Cache lifetime as in the fraud team's model card",
        "Fewer renewals at noon: another lifetime for features",
    )
    lab.configuration.change("risk", "FEATURE_CACHE_TTL_SECONDS", lifetime, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="risk-cache-lifetime",
    kind=ChangeKind.CONFIGURATION,
    component=C.RISK,
    story=__doc__ or "",
    make=make,
)
