"""What a room shows after an incident's end, made up: a debrief with everything in it, and the postmortem's draft."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from labctl.actions import debrief, leaderboard
from labctl.actions.leaderboard import Best, Choices, Leaderboard, Row
from labctl.lab.lab import Lab
from labctl.model.incident_document import to_document
from labctl.play import postmortem
from labctl.play.debrief import Debrief, tell
from labctl.play.leaderboard import Paged
from labctl.play.stored import KIND
from tests.support.example_debrief import CHANGES, entries, example_debrief
from tests.support.example_fault import EXAMPLE, NEAR
from tests.support.example_incident import INJECTED, PAGED, attempt, solved


class Told:
    """Results that draft a postmortem of the example."""

    def postmortem(self, story: Debrief) -> postmortem.Postmortem:
        return postmortem.postmortem(story, CHANGES, None)


def ended(patch: pytest.MonkeyPatch, lab: Lab) -> None:
    """Let the lab's last incident be the example, which is over."""
    over = solved(attempt(PAGED + 50, NEAR))
    for each in lab.store.documents.all(KIND):
        lab.store.documents.remove(KIND, each)
    lab.store.documents.put(KIND, over.id, to_document(over))
    story = tell(EXAMPLE, over, entries("what I think of it"), CHANGES)
    patch.setattr(debrief, "read", lambda _name: told())
    patch.setattr(debrief, "told_now", lambda _name: (Told(), story))
    patch.setattr(leaderboard, "leaderboard", board)
    patch.setattr(leaderboard, "choices", lambda: Choices(("backend", "sre"), ("first-hour",)))


def told() -> debrief.Debrief:
    """Return the example's debrief, with curves as long as real ones."""
    found = example_debrief("what I think of it")
    chain = [replace(link, curve=curve(link.baseline or 0.0, link.value or 1.0)) for link in found.chain]
    return replace(found, chain=tuple(chain))


def curve(healthy: float, broken: float) -> tuple[tuple[float, float], ...]:
    return tuple(
        (at, (broken if at > INJECTED + 5 else healthy) * (1 + 0.1 * math.sin(at)))
        for at in range(int(INJECTED) - 60, int(PAGED) + 60)
    )


def board(track: str = "", drill: str = "") -> Leaderboard:
    rows = tuple(
        Row(rank, "lab", f"INC-000{rank}", datetime(2031, 5, rank, 10, 0, tzinfo=UTC), "database", 3, 3.75, "hazy", "",
            "solved" if rank < 3 else "given-up", 200.0 * rank, rank - 1, 100.0 - 10 * rank, 130.0 - 20 * rank)
        for rank in range(1, 4)
    )  # fmt: skip
    spent = {"metrics": 120.0, "logs": 80.0, "changes": 30.0, "reading the page": 25.0}
    bests = (Best("database", 1, 200.0, 110.0), Best("sre", 2, 400.0, 90.0))
    return Leaderboard(track or None, drill or None, rows, 270.0, bests, spent, 2, 0, Paged(3, 9.5, 20.0, 1))
