"""The one lab that stands for a whole run: as a learner starts it, with colleagues who change it, too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bench.shortcuts.learner import Learner
from labctl.lab.lab import Lab

SEED = "1"
"""Of the load's random choices, and of the history in the change feed."""


@contextmanager
def standing(learner: Learner, rps: float) -> Iterator[Lab]:
    """Start a new lab, and take it down at the end; one that a killed run left goes first."""
    learner.ask("down")
    try:
        learner.ask("up", "--rps", f"{rps:g}", "--seed", SEED)
        yield Lab.open(learner.lab)
    finally:
        learner.ask("down")
