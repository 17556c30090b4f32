"""The one thread that writes: requests wait in a bounded queue and go into the store in batches."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from threading import Thread
from time import monotonic, time_ns

from services.telemetry import counters
from services.telemetry.bounded import BoundedQueue
from services.telemetry.counters import Counters
from services.telemetry.otlp.codec import LogsRequest, TracesRequest
from services.telemetry.settings import Settings
from services.telemetry.store import logs, spans
from services.telemetry.store.bounds import Bounds
from services.telemetry.store.retention import newest_id
from services.telemetry.store.schema import open_for_writing, remove

log = logging.getLogger(__name__)
Request = TracesRequest | LogsRequest
SETTLE_SECONDS = 0.25
IDLE_SECONDS = 5.0
CHECK_EVERY_SECONDS = 10.0
"""For what is looked at now and then: rows that nothing uses any more, whether a full disk has room again."""
BYTES_A_TRANSACTION = 1024 * 1024
"""About so much is written at once: who kills the process loses less than a second."""
CLOSE_SECONDS = 8.0


class Writer:
    """Writes what is offered. What does not fit in the queue, or the store refuses, is dropped and counted."""

    def __init__(self, settings: Settings, counts: Counters, *, settle: float = SETTLE_SECONDS) -> None:
        self._settings = settings
        self._counts = counts
        self._settle = settle
        self._queue: BoundedQueue[Request] = BoundedQueue(settings.queue_max_bytes)
        self._connection = open_for_writing(settings.store_path)
        self._last_id = newest_id(self._connection)
        self._spans = spans.SpanRows(self._next_id)
        self._logs = logs.LogRows(self._next_id)
        self._shared = (self._spans.origins, self._spans.operations, self._logs.streams)
        self._bounds = Bounds(settings, counts)
        self._next_check = 0.0
        self._thread = Thread(target=self._run, name="store", daemon=True)
        self._thread.start()

    def offer(self, batch: Request) -> bool:
        """Queue a batch; False when it was dropped."""
        taken = self._queue.offer(batch, batch.ByteSize())
        if not taken:
            self._drop([batch], "queue-full")
        return taken

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    @property
    def used_bytes(self) -> int:
        """What spans and logs take in the store."""
        return self._bounds.used_bytes

    @property
    def disk_is_full(self) -> bool:
        """Whether the disk has no room for all that may be kept."""
        return self._bounds.disk_is_full

    @property
    def waiting_bytes(self) -> int:
        """The size of what waits to be written."""
        return self._queue.weight

    def close(self) -> None:
        """Write what waits, then stop."""
        self._queue.close()
        self._thread.join(CLOSE_SECONDS)
        self._connection.close()

    def _run(self) -> None:
        while True:
            batches = self._queue.take(IDLE_SECONDS, self._settle)
            if not batches and self._queue.closed:
                return
            began = monotonic()
            for part in parts(batches, BYTES_A_TRANSACTION):
                self._attempt(part)
            # Deleting may take as long as writing did: however fast it comes in, the store stays within its bounds.
            self._keep(monotonic() - began)

    def _attempt(self, batches: list[Request]) -> None:
        """Write in one transaction, if need be where the oldest was. The thread's top: nothing may end it."""
        try:
            for last in (False, False, True):
                try:
                    return self._transaction(batches)
                except sqlite3.Error as error:
                    if last:
                        raise
                    self._mend(error)
        except Exception:
            log.exception("the store refused %d batches", len(batches))
            self._drop(batches, "store-error")

    def _transaction(self, batches: list[Request]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            with self._connection:
                self._write(batches)
        except BaseException:
            self._forget_ids()
            raise

    def _mend(self, error: sqlite3.Error) -> None:
        """Make it possible to try once more; raises the error where that makes no sense."""
        code = getattr(error, "sqlite_errorcode", None)
        if code == sqlite3.SQLITE_FULL:
            self._bounds.make_room(self._connection)
        elif code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            log.error("the store is damaged, and begins anew: %s", error)
            self._connection.close()
            remove(self._settings.store_path)
            self._connection = open_for_writing(self._settings.store_path)
            self._forget_ids()
        else:
            raise error

    def _keep(self, seconds: float) -> None:
        try:
            pruned = self._bounds.keep(self._connection, seconds)
            if monotonic() >= self._next_check:
                self._next_check = monotonic() + CHECK_EVERY_SECONDS
                self._bounds.grow_again()
                for shared in self._shared:
                    shared.forget_before(self._connection, pruned.cutoff)
        except Exception:
            log.exception("the store could not be brought within its bounds")
            self._forget_ids()

    def _forget_ids(self) -> None:
        for shared in self._shared:
            shared.forget_all()

    def _write(self, batches: list[Request]) -> None:
        now_us = time_ns() // 1000
        for batch in batches:
            if isinstance(batch, TracesRequest):
                self._connection.executemany(spans.INSERT, list(self._spans.rows(self._connection, batch, now_us)))
            else:
                self._connection.executemany(logs.INSERT, list(self._logs.rows(self._connection, batch, now_us)))

    def _next_id(self) -> int:
        """Return the arrival in microseconds, made unique."""
        self._last_id = max(self._last_id + 1, time_ns() // 1000)
        return self._last_id

    def _drop(self, batches: list[Request], reason: str) -> None:
        for batch in batches:
            if isinstance(batch, TracesRequest):
                amount = sum(len(scope.spans) for group in batch.resource_spans for scope in group.scope_spans)
                self._counts.add(counters.DROPPED, amount, signal="traces", reason=reason)
            else:
                amount = sum(len(scope.log_records) for group in batch.resource_logs for scope in group.scope_logs)
                self._counts.add(counters.DROPPED, amount, signal="logs", reason=reason)


def parts(batches: list[Request], size: int) -> Iterator[list[Request]]:
    """Cut what waits into runs of about `size` bytes, in order."""
    part: list[Request] = []
    weight = 0
    for batch in batches:
        part.append(batch)
        weight += batch.ByteSize()
        if weight >= size:
            yield part
            part, weight = [], 0
    if part:
        yield part
