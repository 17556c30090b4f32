"""The external processor: it is not ours, so its changes are not in the change feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from labctl.lab.mechanisms.configuration import SettingsMechanism
from labctl.state.undo_log import Entry

ACQUIRER = "acquirer"


@dataclass(frozen=True)
class Acquirer(SettingsMechanism):
    """How the acquirer behaves."""

    name: ClassVar[str] = "acquirer"

    def change(self, **values: str) -> None:
        """Change the acquirer's settings, and so its behaviour. Raises NotFoundError for an unknown setting."""
        changed = [self._note_setting(ACQUIRER, key, value) for key, value in values.items()]
        if any(changed):
            self._roll_out(ACQUIRER, values, "", "")

    def undo(self, entries: Sequence[Entry]) -> None:
        """Restore the acquirer's settings."""
        self._roll_out(ACQUIRER, self._before(entries)[ACQUIRER], "", "")
