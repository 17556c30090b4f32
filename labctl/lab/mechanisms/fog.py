"""Fog: how incomplete the telemetry is that a learner sees, set while the lab runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from labctl.lab.mechanisms.mechanism import Mechanism
from labctl.state.fog import FogFile
from labctl.state.undo_log import Entry

TELEMETRY = "telemetry"
CHOSEN = "fog"
"""The setting with the level that was chosen for the lab."""


@dataclass(frozen=True)
class Fog(Mechanism):
    """The fog over the lab's telemetry. An undo entry has the level before."""

    name: ClassVar[str] = "fog"
    file: FogFile

    @property
    def level(self) -> str:
        """The level in force. Raises LabStateError when the file was damaged."""
        return self.file.level

    def choose(self, level: str) -> bool:
        """Put a level in force for as long as the lab stands, as whoever sets a lab up does: nothing undoes it.

        Return whether that changes anything. The feed gets no entry. While a level is in force until it is undone, the
        lab gets the chosen one then. Raises NotFoundError with the nearest level.
        """
        self.store.set(CHOSEN, {"level": self.file.check(level)})
        made = self.log.entries(self.name)
        if made:  # the level in force is an incident's; this one comes when that is undone
            changed = bool(made[-1].before["level"] != self.file.check(level))
            self.log.amend(made[-1], {"level": level})
            return changed
        changed = level != self.level
        self.file.write(self.file.with_level(level))
        return changed

    @property
    def chosen(self) -> str | None:
        """The level that somebody has chosen for as long as the lab stands; None where nobody has."""
        found = self.store.get(CHOSEN)
        return str(found["level"]) if found else None

    def change(self, level: str) -> bool:
        """Put a level in force until it is undone; False when it is already. Raises NotFoundError with the nearest.

        The feed gets no entry: one just before an incident would date it. Nothing restarts, and no service notices.
        """
        after = self.file.with_level(level)
        before = self.level
        if before == level:
            return False
        self._note(TELEMETRY, {"level": before})
        self.file.write(after)
        return True

    def undo(self, entries: Sequence[Entry]) -> None:
        """Restore the level that was in force before the oldest of these changes."""
        before = str(entries[-1].before["level"])
        if before != self.level:
            self.file.write(self.file.with_level(before))
