"""When status updates are due: five minutes after the page, and after each update. Pure.

Whoever says nothing for longer misses one every five minutes; an update that then comes is late for the last of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

EVERY_S = 300.0


@dataclass(frozen=True)
class Update:
    """A status update that was given; `at` in epoch seconds, or on an incident's clock."""

    at: float
    text: str


@dataclass(frozen=True)
class Due:
    """A moment at which an update was due, and the update that was given for it, if any."""

    due: float
    given: Update | None = None

    @property
    def late_s(self) -> float:
        """How many seconds after it was due the update came; 0 when it was in time, or never came."""
        return max(0.0, self.given.at - self.due) if self.given else 0.0


def told(page_at: float, updates: Iterable[Update], until: float) -> list[Due]:
    """Return what was due from the page until a moment, and what was given for each, in their order."""
    found: list[Due] = []
    due = page_at + EVERY_S
    for update in sorted(updates, key=lambda each: each.at):
        while update.at >= due + EVERY_S:
            found.append(Due(due))
            due += EVERY_S
        found.append(Due(due, update))
        due = update.at + EVERY_S
    while due < until:
        found.append(Due(due))
        due += EVERY_S
    return found


def next_due(page_at: float, updates: Iterable[Update]) -> float:
    """Return when the next update is, or was, due."""
    return max([page_at, *(each.at for each in updates)]) + EVERY_S
