"""The cache: Redis's settings, taken over while it runs, and the features that it holds for risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from labctl.docker.redis_server import Memory
from labctl.lab.mechanisms.configuration import RESTORED, SettingsMechanism
from labctl.lab.mechanisms.mechanism import RESTORER
from labctl.model.services import CACHE_FILLER
from labctl.state.change_feed import Change
from labctl.state.undo_log import Entry

FEATURES = "features:*"
REDIS = "redis"


@dataclass(frozen=True)
class Cache(SettingsMechanism):
    """The lab's Redis as a cache."""

    name: ClassVar[str] = "cache"

    def configure(self, key: str, value: str, *, author: str, summary: str) -> Change | None:
        """Change one of Redis's settings, such as MAXMEMORY; None when it has that value already. Raises NotFoundError.

        The feed gets an entry with `author` and `summary`.
        """
        if not self._note_setting(REDIS, key, value):
            return None
        return self._roll_out(REDIS, {key: value}, author, summary)

    def memory(self) -> Memory:
        """Return how much memory Redis uses, and how much of it for risk's features. Raises EngineError."""
        return self.stack.redis().memory(FEATURES)

    def undo(self, entries: Sequence[Entry]) -> None:
        """Restore Redis's settings, then roll risk out, which fills the cache.

        Evicted features do not come back by themselves: a busy account's query takes longer than a request may.
        """
        self._roll_out(REDIS, self._before(entries)[REDIS], RESTORER, RESTORED)
        self.stack.rollout(CACHE_FILLER)
