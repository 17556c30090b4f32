"""The database's sessions and locks, now."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from labctl.actions.answer import moment
from labctl.actions.looking import look
from labctl.actions.sql import observer
from labctl.lookups import sessions as read
from labctl.lookups.sessions import Session, Waiting


@dataclass(frozen=True)
class Sessions:
    """The sessions, those that do something first, and who waits for whom."""

    at: datetime
    sessions: tuple[Session, ...]
    waiting: tuple[Waiting, ...]
    truncated: bool
    most: int
    """So many the server lets in."""

    @property
    def states(self) -> list[tuple[str, int]]:
        """How many are in each state, the most first."""
        return Counter(each.state for each in self.sessions).most_common()

    @property
    def blocked(self) -> int:
        """How many wait for another session."""
        return sum(bool(each.blocked_by) for each in self.sessions)

    @property
    def oldest_s(self) -> float | None:
        """For how long the oldest transaction has been open."""
        return max((each.transaction_s for each in self.sessions if each.transaction_s is not None), default=None)


def sessions(name: str) -> Sessions:
    """Return what the database's sessions do, this one left out. Raises as `sql` does."""
    lab = look(name, "sessions")
    found = observer(lab).run(read.STATEMENT, read.MOST)
    listed = read.read(found.rows)
    most = int(str(found.rows[0][-1])) if found.rows else 0
    return Sessions(moment(time.time()), listed, tuple(read.blocking(listed)), found.truncated, most)
