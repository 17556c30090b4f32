"""The external processor: it is not ours, so that it changes without a word to anybody."""

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
        """Make it behave otherwise. Raises NotFoundError for a setting that it doesn't have."""
        changed = [self._note_setting(ACQUIRER, key, value) for key, value in values.items()]
        if any(changed):
            self._roll_out(ACQUIRER, values, "", "")

    def undo(self, entries: Sequence[Entry]) -> None:
        """Make it behave as before."""
        self._roll_out(ACQUIRER, self._before(entries)[ACQUIRER], "", "")
