"""The external processor: it is not ours, so its changes are not in the change feed, and leave no trace here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from labctl.lab.mechanisms.mechanism import Mechanism
from labctl.state.processor import ProcessorFile
from labctl.state.undo_log import Entry

ACQUIRER = "acquirer"


@dataclass(frozen=True)
class Acquirer(Mechanism):
    """How the acquirer behaves. An undo entry has a setting's key and its old value."""

    name: ClassVar[str] = "acquirer"
    file: ProcessorFile

    def change(self, **values: str) -> None:
        """Change the acquirer's settings, and so its behaviour, while it runs.

        Raises NotFoundError for an unknown setting.
        """
        before = {key: self.file.setting(key) for key in values}
        changed = {key: value for key, value in values.items() if value != before[key]}
        for key in changed:
            self._note(ACQUIRER, {"key": key, "value": before[key]})
        if changed:
            self.file.write(changed)

    def undo(self, entries: Sequence[Entry]) -> None:
        """Restore the acquirer's settings: one that was changed twice gets its oldest value."""
        self.file.write({str(entry.before["key"]): str(entry.before["value"]) for entry in entries})
