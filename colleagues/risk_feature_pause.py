"""Risk pauses customers a little longer, or shorter, whose features could not be computed in time.

The cache has those customers' features, so that none is paused in a healthy lab.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the pause."""
    pause = draw.one_of("4500", "5500", "6000")
    summary = draw.one_of(
        f"Pause customers with slow features for {pause} ms",
        f"Features: try a slow customer again after {pause} ms",
        "Slow features: the pause that fraud asked for",
    )
    lab.configuration.change("risk", "FEATURE_PAUSE_MS", pause, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="risk-feature-pause",
    kind=ChangeKind.CONFIGURATION,
    component=C.RISK,
    story=__doc__ or "",
    make=make,
)
