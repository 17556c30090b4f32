"""The fog over a lab's telemetry: a file that its telemetry service follows while it runs (services/telemetry/fog)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labctl.base.errors import LabStateError, NotFoundError
from labctl.model import fog_words
from labctl.model.cadence import Cadence
from labctl.state.followed_file import FollowedFile


@dataclass(frozen=True)
class FogFile(FollowedFile):
    """A lab's file of the levels of fog, which the telemetry service follows."""

    @property
    def level(self) -> str:
        """The level in force. Raises LabStateError when the file was damaged."""
        return self._parsed()[0]

    @property
    def cadence(self) -> Cadence:
        """How often, and how late, the level in force lets services' metrics through. Raises LabStateError."""
        return self.cadence_of(self.level)

    def cadence_of(self, level: str) -> Cadence:
        """Return the same of another level. Raises NotFoundError, LabStateError."""
        return fog_words.cadence(self.settings_of(level))

    def settings_of(self, level: str) -> Mapping[str, Any]:
        """Return what a level leaves out, by setting. Raises NotFoundError, LabStateError."""
        return dict(self._parsed()[1][self.check(level)])

    def check(self, level: str) -> str:
        """Return `level` where there is such a level. Raises NotFoundError with the nearest one, LabStateError."""
        levels = self._parsed()[1]
        if level not in levels:
            raise NotFoundError("level of fog", level, levels)
        return level

    def with_level(self, level: str) -> str:
        """Return the file's text with another level in force. Raises NotFoundError, LabStateError."""
        self.check(level)
        # Only the one word: the file keeps its form, and a diff shows what changed.
        text = self.text().replace(f'"level": {json.dumps(self.level)}', f'"level": {json.dumps(level)}', 1)
        if json.loads(text)["level"] != level:
            raise LabStateError(
                f"{self.path} has another form than labctl writes",
                todo="remove it: the one that was shipped then counts",
            )
        return text

    def _parsed(self) -> tuple[str, Mapping[str, Any]]:
        try:
            document = json.loads(self.text())
            level, levels = str(document["level"]), dict(document["levels"])
            levels[level].get("metrics_every_s")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LabStateError(
                f"{self.path} cannot be read: {error}",
                expected="the levels of fog, and the one in force",
                todo="remove it: the telemetry is then as it was shipped",
            ) from error
        return level, levels
