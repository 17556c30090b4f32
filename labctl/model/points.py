"""What an incident is worth on the leaderboard: its score, by how hard its fault is. Pure.

A score of 90 at difficulty 3 is worth 90 x 1.5 = 135 points; the same at difficulty 5, 90 x 2 = 180.
"""

from __future__ import annotations

PER_LEVEL = 0.25
"""Each level of difficulty above the first adds so much of the score."""


def factor(difficulty: int) -> float:
    """Return by what a score is multiplied at this difficulty (1 to 5): 1 to 2."""
    return 1.0 + PER_LEVEL * (difficulty - 1)


def points(score: float, difficulty: int) -> float:
    """Return the points of a score (0 to 100) at this difficulty."""
    return round(score * factor(difficulty), 1)
