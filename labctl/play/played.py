"""What was played before on this machine: an incident that was told once is practice the next time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from labctl.base import paths, progress
from labctl.base.errors import LabctlError
from labctl.model.incident import Incident
from labctl.model.incident_document import from_document
from labctl.state.database import Database
from labctl.state.documents import Documents
from labctl.state.store import DATABASE_NAME

KIND = "incident"
"""Of the documents that hold an incident each."""


@dataclass(frozen=True)
class Played:
    """The faults and the seeds of the incidents whose answers were told."""

    faults: frozenset[str]
    seeds: frozenset[int]

    def knows(self, fault: str, seed: int | None) -> bool:
        """Whether a fault, or what a seed chose, was told before."""
        return fault in self.faults or seed in self.seeds


def before() -> Played:
    """Return what ended in any lab of this machine's user, labs taken down included."""
    ended = [each for path in databases() for each in incidents(path) if each.told]
    return Played(
        frozenset(each.fault for each in ended), frozenset(each.seed for each in ended if each.seed is not None)
    )


def databases() -> list[Path]:
    """Return the databases of this user's labs, those taken down included."""
    present = [paths.lab_dir(name) / DATABASE_NAME for name in paths.lab_names()]
    return [*present, *sorted(paths.archive_dir().glob("*.db"))]


def incidents(path: Path) -> Iterator[Incident]:
    """Yield the incidents in a database; one that can't be read is said, and left out."""
    try:
        yield from map(from_document, Documents(Database(path)).all(KIND).values())
    except LabctlError as error:
        progress.warn(f"what was played there before is not known: {error.what}")
