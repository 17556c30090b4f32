"""What an incident is worth on the leaderboard: its score, by how difficult it was. Pure.

Difficulty is the fault's, raised by fog and by harmless changes near it. A score of 90 at a fault's difficulty of 3, in
hazy telemetry with one change nearby, is a difficulty of 3.75 and worth 90 x 1.69 = 151.9 points; in clear telemetry
with no change nearby, 90 x 1.5 = 135.
"""

from __future__ import annotations

from dataclasses import dataclass

from labctl.model.surroundings import CLEAR, DENSE, HAZY, Surroundings

PER_LEVEL = 0.25
"""Each level of difficulty above the first adds so much of the score."""
FOG_RAISES = {CLEAR: 0.0, HAZY: 0.5, DENSE: 1.0}
"""By how many levels fog raises difficulty; a level of one's own raises nothing."""
CHANGE_RAISES, MOST_CHANGES = 0.25, 2
"""By how much each change nearby raises it, and how many count; a decoy laid beside the fault is one."""


@dataclass(frozen=True)
class Difficulty:
    """How difficult an incident was, and what it is made of."""

    fault: int
    """The fault's own, 1 to 5."""
    fog: float
    """What the fog added."""
    changes: float
    """What harmless changes near the fault added, decoys among them."""
    total: float
    """All of it: 1 to 6.5."""


def difficulty(fault: int, around: Surroundings) -> Difficulty:
    """Return how difficult a fault of this difficulty was in these surroundings."""
    fog = FOG_RAISES.get(around.fog, 0.0)
    changes = CHANGE_RAISES * min(around.near + (around.decoy is not None), MOST_CHANGES)
    return Difficulty(fault, fog, changes, fault + fog + changes)


def factor(level: float) -> float:
    """Return by what a score is multiplied at this difficulty (1 to 6.5): 1 to 2.375."""
    return 1.0 + PER_LEVEL * (level - 1)


def points(score: float, level: float) -> float:
    """Return the points of a score (0 to 100) at this difficulty."""
    return round(score * factor(level), 1)
