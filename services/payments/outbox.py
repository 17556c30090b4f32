"""Publishing events: from the outbox table, where they are committed with their payment, to the Redis stream.

At least once, in order as far as one publisher is concerned: an event is marked as published after the stream has it,
so that a crash in between publishes it again; consumers know it by its event_id.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Protocol

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind
from redis import Redis, RedisError

from services.common import origin
from services.common.background import BackgroundLoop
from services.common.database import Database, DatabaseError
from services.common.statement import Statement
from services.common.tracing import remote_context, traceparent, untraced
from services.payments.events import STREAM, Event

BATCH = 100
STREAM_LENGTH = 50_000
"""Room for an hour of events that no consumer reads; the ledger trims those that it is done with."""
RETRY_AFTER_S = 1.0

PENDING = Statement(
    "SELECT outbox",
    """
    SELECT id, event FROM outbox WHERE published_at IS NULL
    ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    """,
)
PUBLISHED = Statement("UPDATE outbox", "UPDATE outbox SET published_at = now() WHERE id = ANY(%(ids)s)")

_log = logging.getLogger(__name__)
_tracer = trace.get_tracer("services")


class Stream(Protocol):
    """Where events go; raises RedisError."""

    def append(self, events: list[Event]) -> None:
        """Append events in their order."""


class RedisStream:
    """The stream that the ledger reads."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    def append(self, events: list[Event]) -> None:
        """XADD all of them in one round trip."""
        pipeline = self._client.pipeline(transaction=False)
        for event in events:
            pipeline.xadd(STREAM, dict[Any, Any](event), maxlen=STREAM_LENGTH, approximate=True)
        pipeline.execute()


class Outbox:
    """Publishes what is in the table: right after a commit (`wake`), and every second in any case."""

    def __init__(self, database: Database, stream: Stream, *, dated: Callable[[], bool] = lambda: True) -> None:
        self._database = database
        self._stream = stream
        self._dated = dated
        self._not_before = 0.0
        self._loop = BackgroundLoop("outbox", self.step, every=RETRY_AFTER_S)

    def start(self) -> None:
        """Start the publisher's thread."""
        self._loop.start()

    def wake(self) -> None:
        """Say that there is something to publish."""
        self._loop.wake()

    def stop(self) -> None:
        """End the thread after its current step; what is pending then is published by the next process."""
        self._loop.stop()

    def step(self) -> None:
        """Publish all that is pending; when that fails, leave it for a second."""
        if time.monotonic() < self._not_before:
            return
        try:
            while self.publish_batch() == BATCH:
                pass
        except (RedisError, DatabaseError) as error:
            self._not_before = time.monotonic() + RETRY_AFTER_S
            _log.warning("events stay in the outbox: %s", error, extra={"stream": STREAM})

    def publish_batch(self) -> int:
        """Publish at most BATCH events and return how many there were."""
        with untraced(), self._database.transaction() as session:
            rows = session.rows(PENDING, {"limit": BATCH})
            if rows:
                dates = {"published_at": datetime.now(UTC).isoformat()} if self._dated() else {}
                self._stream.append([_handed_on({**row["event"], **dates}) for row in rows])
                session.run(PUBLISHED, {"ids": [row["id"] for row in rows]})
        return len(rows)


def _handed_on(event: Event) -> Event:
    """Return the event with the trace context of its publishing, a child of the request that caused it."""
    with origin.of_message(event), _publishing(event):
        return {**event, "traceparent": traceparent()}


def _publishing(event: Event) -> AbstractContextManager[Span]:
    return _tracer.start_as_current_span(
        f"publish {STREAM}",
        context=remote_context(event.get("traceparent")),
        kind=SpanKind.PRODUCER,
        attributes={
            "messaging.system": "redis",
            "messaging.destination.name": STREAM,
            "messaging.message.id": event["event_id"],
            "request.id": event["request_id"],
        },
    )
