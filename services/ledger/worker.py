"""The ledger's loop: now and then the messages left behind, else new ones; waits while Redis or Postgres is away."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from redis import RedisError, ResponseError

from services.common.database import DatabaseError
from services.ledger.consumer import Consumer
from services.ledger.stream import Message, StreamGroup

PAUSE_S = 1.0
STALLED_S = 15.0

T = TypeVar("T")

_log = logging.getLogger(__name__)


class StalledError(Exception):
    """The loop has not come round for a while."""


@dataclass(frozen=True)
class WorkerSettings:
    """How many messages at once, and how long before one that nobody acknowledged is taken over."""

    batch: int = 20
    claim_idle_ms: int = 15_000
    claim_every_s: float = 5.0


class Worker:
    """Runs in the calling thread until it is stopped; the batch in hand is finished first."""

    def __init__(
        self,
        group: StreamGroup,
        consumer: Consumer,
        settings: WorkerSettings,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._group = group
        self._consumer = consumer
        self._settings = settings
        self._clock = clock
        self._stopping = threading.Event()
        self._claim_at = clock()
        self._seen_at = clock()

    def run(self) -> None:
        """Work until `stop`."""
        self._patiently(self._group.ensure)
        while not self._stopping.is_set():
            self.step()

    def stop(self) -> None:
        """Ask the loop to end; safe in a signal handler."""
        self._stopping.set()

    def check(self) -> None:
        """Raise StalledError when the loop hangs, or waits for something that is away."""
        idle = self._clock() - self._seen_at
        if idle > STALLED_S:
            raise StalledError(f"the loop has not come round for {idle:.0f} s")

    def step(self) -> None:
        """Fetch one batch and handle it."""
        for message in self._patiently(self._fetch) or ():
            self._finish(message)
        self._seen_at = self._clock()

    def _fetch(self) -> list[Message]:
        if self._clock() >= self._claim_at:
            self._claim_at = self._clock() + self._settings.claim_every_s
            if stuck := self._group.stuck(self._settings.batch, self._settings.claim_idle_ms):
                return stuck
        return self._group.new(self._settings.batch)

    def _finish(self, message: Message | None) -> None:
        """Handle a message until it is done, or gone from the stream; the messages after it wait, in order."""
        while message:
            try:
                self._consumer.handle(message)
            except (RedisError, DatabaseError) as error:
                self._warn(error)
            else:
                return
            if self._stopping.wait(PAUSE_S):
                return
            message = self._patiently(partial(self._group.again, message))

    def _patiently(self, work: Callable[[], T]) -> T | None:
        """Repeat `work` until it succeeds, and return what it returns; None when the worker is stopped before.

        While Redis or Postgres is away, a message must not use up its deliveries: it is not to blame.
        """
        while True:
            try:
                return work()
            except ResponseError as error:
                self._warn(error)
                self._mend(error)
            except (RedisError, DatabaseError) as error:
                self._warn(error)
            if self._stopping.wait(PAUSE_S):
                return None

    def _mend(self, error: ResponseError) -> None:
        if "NOGROUP" in str(error):
            self._group.ensure()

    def _warn(self, error: Exception) -> None:
        _log.warning("waiting: %s", error, extra={"error_type": type(error).__name__})
