"""What all mechanisms have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from labctl.lab.stack import Stack
from labctl.state.store import LabStore
from labctl.state.undo_log import Before, Entry, UndoLog

RESTORER = "on-call"
"""Who gives back what was there, as the change feed says."""


@dataclass(frozen=True)
class Mechanism(ABC):
    """One way to change a running lab and to undo it.

    Entries of the undo log may be given twice: a process can be killed between undoing and forgetting them.
    """

    name: ClassVar[str]
    stack: Stack
    store: LabStore

    @abstractmethod
    def undo(self, entries: Sequence[Entry]) -> None:
        """Give back what was there before these changes, the newest first; harmless where it is there already.

        Raises LabctlError when it can't: the entries stay in the log then.
        """

    def settle(self) -> None:  # noqa: B027 - most start nothing that could outlive them
        """Return when nothing that this mechanism started is at work any more. Raises LabctlError when something is."""

    def lost(self) -> list[str]:
        """Return the containers that were replaced or restarted, and know nothing of a change that is in force."""
        return []

    def reapply(self) -> None:  # noqa: B027 - most changes outlive a container
        """Do the changes that are in force again in the containers that lost them."""

    @property
    def log(self) -> UndoLog:
        """Where to write what is there, before anything is touched."""
        return self.store.undo_log

    def _note(self, subject: str, before: Before) -> Entry:
        return self.log.add(self.name, subject, before)

    def _active(self) -> dict[str, Entry]:
        """Return the newest entry of each subject that is changed now."""
        return {entry.subject: entry for entry in reversed(self.log.entries(self.name))}
