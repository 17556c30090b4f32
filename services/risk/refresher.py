"""Renews cache entries before they expire, one at a time, on a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

import psycopg
from opentelemetry import metrics, trace
from psycopg import Connection
from psycopg.rows import DictRow

from services.common.background import BackgroundLoop
from services.common.database import connection_arguments, translated_errors
from services.common.statement import Session
from services.risk import features
from services.risk.feature_cache import FeatureCache
from services.risk.features import Features

MOST_PENDING = 1000

_tracer = trace.get_tracer("services")
_refreshes = metrics.get_meter("services").create_counter(
    "cache.refreshes", "{refresh}", "Entries renewed before they expired"
)


class FeatureSource:
    """The feature query on a connection outside of the pool; it has no timeout, since no request waits for it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection[DictRow] | None = None

    def __call__(self, customer_id: int) -> Features | None:
        """Compute a customer's features; raises DatabaseError. A lost connection is replaced at the next call."""
        with translated_errors():
            if self._connection is None or self._connection.broken or self._connection.closed:
                self._connection = psycopg.connect(self._url, **connection_arguments("risk-refresh", None))
            return features.query(Session(self._connection), customer_id)

    def close(self) -> None:
        """Close the connection."""
        if self._connection:
            self._connection.close()


class Refresher:
    """A queue of customers whose entries are to be renewed, and the thread that does it."""

    def __init__(
        self,
        cache: FeatureCache,
        compute: Callable[[int], Features | None],
        *,
        newest_first: Callable[[], bool] = lambda: False,
    ) -> None:
        self._cache = cache
        self._compute = compute
        self._newest_first = newest_first
        self._lock = threading.Lock()
        self._pending: dict[int, None] = {}
        self._loop = BackgroundLoop("refresh", self.drain, every=60.0)

    def start(self) -> None:
        """Start the thread."""
        self._loop.start()

    def stop(self) -> None:
        """End the thread after the entry it works on."""
        with self._lock:
            self._pending.clear()
        self._loop.stop()

    def ask(self, customer_id: int) -> None:
        """Queue a customer unless it is queued already; dropped when far too many are."""
        with self._lock:
            if customer_id in self._pending or len(self._pending) >= MOST_PENDING:
                return
            self._pending[customer_id] = None
        self._loop.wake()

    def drain(self) -> None:
        """Renew every queued entry; raises DatabaseError, and the rest stays queued."""
        while (customer_id := self._next()) is not None:
            with _tracer.start_as_current_span("refresh features", attributes={"customer.id": customer_id}):
                found = self._compute(customer_id)
                if found:
                    self._cache.put(customer_id, found)
                    _refreshes.add(1, {"cache.name": "features"})

    def _next(self) -> int | None:
        # Taken off before it is computed: if it is queued again meanwhile, it is renewed twice, which does no harm.
        with self._lock:
            queue = reversed(self._pending) if self._newest_first() else iter(self._pending)
            customer_id = next(queue, None)
            if customer_id is not None:
                del self._pending[customer_id]
            return customer_id
