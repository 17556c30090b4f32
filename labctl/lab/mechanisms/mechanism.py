"""The common base of all mechanisms."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from labctl.lab.stack import Stack
from labctl.state.store import LabStore
from labctl.state.undo_log import Before, Entry, UndoLog

RESTORER = "on-call"
"""The author of the changes that undo others, as the change feed shows it."""
LEFT = "left"
"""Set in the entry of a change that belongs to a host which its service was moved away from."""


@dataclass(frozen=True)
class Mechanism(ABC):
    """One way to change a running lab and to undo it.

    `undo` may get the same entries twice: a process can be killed after it undid them and before it removed them.
    """

    name: ClassVar[str]
    stack: Stack
    store: LabStore

    @abstractmethod
    def undo(self, entries: Sequence[Entry]) -> None:
        """Restore the state before these changes, which come newest first; harmless where it is restored already.

        Raises LabctlError when it can't: the entries then stay in the log.
        """

    def settle(self) -> None:  # noqa: B027 - most start nothing that could outlive them
        """End what this mechanism started and a killed command left at work. Raises LabctlError when that goes on."""

    def lost(self) -> list[str]:
        """Return the containers that have lost a change in force, as they were replaced or restarted."""
        return []

    def reapply(self) -> None:  # noqa: B027 - most changes outlive a container
        """Make the changes in force again, in the containers that lost them."""

    @property
    def log(self) -> UndoLog:
        """The undo log, to write to before anything is changed."""
        return self.store.undo_log

    def _note(self, subject: str, before: Before) -> Entry:
        return self.log.add(self.name, subject, before)

    def _active(self) -> dict[str, Entry]:
        """Return the newest entry of each subject that is changed now, on the host that it runs on."""
        found = reversed(self.log.entries(self.name))
        return {entry.subject: entry for entry in found if not entry.before.get(LEFT)}
