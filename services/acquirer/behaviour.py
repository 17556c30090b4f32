"""How the processor behaves now: by its settings, some of which a file may replace while it runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from services.acquirer.app import Processor
from services.common.sealed import unseal
from services.common.settings import Settings
from services.common.watched_file import WatchedFile


class Behaviour:
    """The processor as it is; what was decided for a key stays decided, however it behaves later."""

    def __init__(self, env: Mapping[str, str]) -> None:
        """Read the settings of the environment, and PLAN_FILE, which holds others; without one they never change."""
        self._env = env
        self._usual = Processor.from_settings(Settings(env))
        path = Settings(env).text("PLAN_FILE", "")
        self._file = WatchedFile(Path(path), self._parse, self._usual) if path else None

    def now(self) -> Processor:
        """Return the processor that answers the next call."""
        return self._file.read() if self._file else self._usual

    def _parse(self, text: str) -> Processor:
        told = dict(json.loads(unseal(text)))
        settings = Settings({**self._env, **{str(key): str(value) for key, value in told.items()}})
        return replace(Processor.from_settings(settings), answers=self._usual.answers)
