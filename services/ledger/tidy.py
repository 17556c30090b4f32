"""Keeping the stream short: what every group is done with need not stay in memory."""

from __future__ import annotations

import logging
from collections.abc import Callable

from redis import RedisError

from services.ledger.stream import StreamGroup

EVERY_S = 1.0

_log = logging.getLogger(__name__)


class Tidy:
    """Trims the stream; what can't be trimmed now is trimmed next time."""

    def __init__(self, group: StreamGroup, *, exactly: Callable[[], bool] = lambda: False) -> None:
        self._group = group
        self._exactly = exactly

    def step(self) -> None:
        """Trim once."""
        try:
            self._group.trim(exactly=self._exactly())
        except RedisError as error:
            _log.debug("not trimmed: %s", error)
