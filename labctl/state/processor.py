"""How the external processor behaves: settings in a file that it follows while it runs.

It is not ours: nobody could read its settings, and nobody announces when they change. So the file is sealed, always
there, of one size and one date, and its container goes on running.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from labctl.base.errors import LabStateError, NotFoundError
from labctl.base.shared_files import write_undated
from labctl.state import settings
from labctl.state.sealing import seal, unseal

_ROOM = 600
"""Every text is made as long as the longest, so that its length tells nothing."""


@dataclass(frozen=True)
class ProcessorFile:
    """A lab's file of the processor's settings; `shipped` is the text of those that it was shipped with."""

    path: Path
    shipped: str

    def prepare(self) -> None:
        """Write the shipped settings where the lab has no file."""
        if not self.path.exists():
            self.write({})

    def settings(self) -> dict[str, str]:
        """Return all settings in force. Raises LabStateError when the file was damaged."""
        usual = settings.parse(self.shipped)
        if not self.path.exists():
            return usual
        try:
            changed = dict(json.loads(unseal(self.path.read_text(encoding="utf-8"))))
        except (ValueError, TypeError) as error:
            raise LabStateError(
                f"{self.path} cannot be read: {error}",
                expected="settings of the external processor",
                todo="remove it: the processor then behaves as it was shipped",
            ) from error
        return {**usual, **{str(key): str(value) for key, value in changed.items()}}

    def setting(self, key: str) -> str:
        """Return one setting's value. Raises NotFoundError with the nearest setting."""
        known = self.settings()
        if key not in known:
            raise NotFoundError("setting of the external processor", key, known)
        return known[key]

    def write(self, values: Mapping[str, str]) -> None:
        """Change settings; the processor follows with its next answer."""
        write_undated(self.path, seal(json.dumps({**self.settings(), **values}).ljust(_ROOM)))
