"""The one thread that writes: requests wait in a bounded queue and go into the store in batches."""

from __future__ import annotations

import logging
from threading import Thread
from time import monotonic, time_ns

from services.telemetry import counters
from services.telemetry.bounded import BoundedQueue
from services.telemetry.counters import Counters
from services.telemetry.otlp.codec import LogsRequest, TracesRequest
from services.telemetry.settings import Settings
from services.telemetry.store import logs, spans
from services.telemetry.store.retention import newest_id, prune, used_bytes
from services.telemetry.store.schema import open_for_writing

log = logging.getLogger(__name__)
Request = TracesRequest | LogsRequest
SETTLE_SECONDS = 0.25
PRUNE_EVERY_SECONDS = 10.0
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
        self._next_prune = 0.0
        self.used_bytes = 0
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
            batches = self._queue.take(PRUNE_EVERY_SECONDS, self._settle)
            if batches:
                self._attempt(batches)
            elif self._queue.closed:
                return
            if monotonic() >= self._next_prune:
                self._next_prune = monotonic() + PRUNE_EVERY_SECONDS
                self._attempt([])

    def _attempt(self, batches: list[Request]) -> None:
        """Write in one transaction, or prune when there is nothing to write. The thread's top: nothing may end it."""
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                if batches:
                    self._write(batches)
                else:
                    self._prune()
        except Exception:
            log.exception("the store refused %d batches", len(batches))
            for shared in (self._spans.origins, self._spans.operations, self._logs.streams):
                shared.forget_all()
            self._drop(batches, "store-error")

    def _write(self, batches: list[Request]) -> None:
        now_us = time_ns() // 1000
        for batch in batches:
            if isinstance(batch, TracesRequest):
                self._connection.executemany(spans.INSERT, list(self._spans.rows(self._connection, batch, now_us)))
            else:
                self._connection.executemany(logs.INSERT, list(self._logs.rows(self._connection, batch, now_us)))

    def _prune(self) -> None:
        oldest = time_ns() // 1000 - self._settings.retention_seconds * 1_000_000
        cutoff = prune(self._connection, oldest, self._settings.store_max_bytes)
        for shared in (self._spans.origins, self._spans.operations, self._logs.streams):
            shared.forget_before(self._connection, cutoff)
        self.used_bytes = used_bytes(self._connection)

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
