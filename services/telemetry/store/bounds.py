"""Keeps the store within its bounds while it is written to, also where the disk has less room than it was promised."""

from __future__ import annotations

import logging
import sqlite3
from time import monotonic, time_ns

from services.telemetry import counters
from services.telemetry.counters import Counters
from services.telemetry.settings import Settings
from services.telemetry.store.reserve import Reserve
from services.telemetry.store.retention import Pruned, prune, used_bytes

log = logging.getLogger(__name__)
PRUNE_SECONDS = 0.05
"""How long what comes in may wait for the oldest to go; longer only where writing took longer, too."""
LEFT_ON_A_FULL_DISK = 0.9
"""The share of the store that stays when the disk is full: the rest makes room for what comes in."""


class Bounds:
    """Age and size of one store; what it deletes before its time is counted by the reason."""

    def __init__(self, settings: Settings, counts: Counters) -> None:
        self._settings = settings
        self._counts = counts
        self._reserve = Reserve(settings.store_path)
        self._ceiling = settings.store_max_bytes
        self.used_bytes = 0

    @property
    def disk_is_full(self) -> bool:
        """Whether the store holds less than it may, since the disk has no room for more."""
        return self._ceiling < self._settings.store_max_bytes

    def keep(self, connection: sqlite3.Connection, seconds: float = PRUNE_SECONDS) -> Pruned:
        """Delete what is too old or too much, for about so long."""
        end = monotonic() + max(seconds, PRUNE_SECONDS)
        oldest = time_ns() // 1000 - self._settings.retention_seconds * 1_000_000
        pruned = prune(connection, oldest, self._ceiling, lambda: monotonic() >= end)
        self._count(pruned.aged, "age")
        self._count(pruned.crowded, "disk-full" if self.disk_is_full else "size")
        self.used_bytes = used_bytes(connection)
        return pruned

    def make_room(self, connection: sqlite3.Connection) -> None:
        """Let the oldest go, since the disk is full; from now on the store grows no more. Raises sqlite3.Error."""
        self._reserve.release()
        self._ceiling = min(self._ceiling, int(used_bytes(connection) * LEFT_ON_A_FULL_DISK))
        log.warning("the disk is full: the store lets its oldest go, and keeps to %d bytes", self._ceiling)
        self._count(prune(connection, 0, self._ceiling).crowded, "disk-full")

    def grow_again(self) -> None:
        """Lift what a full disk forbade, when it has room again."""
        if self._reserve.ensure() and self.disk_is_full:
            self._ceiling = self._settings.store_max_bytes
            log.warning("the disk has room again")

    def _count(self, amount: int, reason: str) -> None:
        if amount:
            self._counts.add(counters.DELETED, amount, reason=reason)
