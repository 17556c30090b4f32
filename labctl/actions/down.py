"""Taking labs down."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from labctl.actions.answer import Answer
from labctl.base import progress
from labctl.base.errors import LabctlError
from labctl.operate.teardown import Removal, all_names, tear_down


@dataclass(frozen=True)
class RemovedLab:
    """The removal of one lab."""

    name: str
    removed: bool
    """False where there was no such lab."""
    containers: int
    archived: Path | None
    """The file in which its results are kept; null when it had none."""


@dataclass(frozen=True)
class Down(Answer):
    """The labs that were taken down."""

    schema: ClassVar[str] = "labctl.down/1"
    labs: tuple[RemovedLab, ...]


def down(name: str) -> Down:
    """Remove a lab's containers, network, volumes and state; its results are kept. Harmless twice.

    Raises EngineError, with the state kept, when Docker does not answer.
    """
    return Down((_removed(name),))


def down_all() -> tuple[Down, list[LabctlError]]:
    """Remove every lab; a lab that can't be removed doesn't stop the others, its error is returned."""
    removed: list[RemovedLab] = []
    problems: list[LabctlError] = []
    for each in all_names():
        try:
            removed.append(_removed(each))
        except LabctlError as problem:
            problems.append(problem)
    return Down(tuple(removed)), problems


def _removed(name: str) -> RemovedLab:
    with progress.step(f"removing the lab '{name}'"):
        removal: Removal = tear_down(name)
    return RemovedLab(removal.name, not removal.nothing, removal.containers, removal.archived)
