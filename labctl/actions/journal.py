"""Whether a lab's journal, and the incidents that it vouches for, are as labctl wrote them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from labctl.actions.answer import Answer
from labctl.lab.lab import Lab
from labctl.play import results
from labctl.state.database import Database
from labctl.state.journal import Journal
from labctl.state.records import Records


@dataclass(frozen=True)
class Verified(Answer):
    """Whether the journal is whole: its chain of hashes, its head, and the documents whose digests it holds."""

    schema: ClassVar[str] = "labctl.journal-verify/1"
    lab: str
    archived: bool
    """Whether the lab was taken down, and its newest archive was examined."""
    entries: int
    last_hash: str | None
    """The hash of the last entry, which covers all before it; write it down to compare later. Null without entries."""
    sound: bool
    doubts: tuple[str, ...]
    """What was changed behind labctl's back, a sentence each."""


def verify(name: str) -> Verified:
    """Examine the journal of a lab, or of its newest archive. Raises NotFoundError, LabStateError."""
    lab = Lab(name)
    found = results.present(lab) if lab.store.exists else results.archived(name)
    count, last = Journal(found.database).head()
    doubts = _doubts(found.database)
    return Verified(name, found.archived, count, last, not doubts, doubts)


def _doubts(database: Database) -> tuple[str, ...]:
    damaged = Journal(database).verify()
    if damaged is None:
        return tuple(Records(database).doubts())
    # A journal that is damaged vouches for nothing, and may not even be readable.
    return (f"entry {damaged} of the journal was changed or removed",)
