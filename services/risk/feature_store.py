"""Where an assessment gets a customer's features from: the cache, or else the database."""

from __future__ import annotations

from opentelemetry import metrics, trace

from services.common import deadline
from services.common.database import Database, QueryTimeoutError
from services.risk import features
from services.risk.feature_cache import Entry, FeatureCache
from services.risk.features import UNKNOWN, Features
from services.risk.freshness import Lifetime
from services.risk.pauses import Pauses
from services.risk.refresher import Refresher

_requests = metrics.get_meter("services").create_counter(
    "cache.requests", "{request}", "Look-ups in the cache, by whether they found a usable entry"
)


class FeatureStore:
    """The cache in front of the database; an entry near its end is renewed in the background."""

    def __init__(
        self, cache: FeatureCache, lifetime: Lifetime, database: Database, refresher: Refresher, pauses: Pauses
    ) -> None:
        self._cache = cache
        self._lifetime = lifetime
        self._database = database
        self._refresher = refresher
        self._pauses = pauses

    def features(self, customer_id: int) -> Features:
        """Return a customer's features; raises DatabaseError or DeadlineExceededError when that takes too long."""
        entry = self._cache.get(customer_id)
        _count("hit" if entry else "miss")
        return self._use(customer_id, entry) if entry else self._compute(customer_id)

    def _use(self, customer_id: int, entry: Entry) -> Features:
        if self._lifetime.ageing(entry.age):
            self._refresher.ask(customer_id)
        return entry.features

    def _compute(self, customer_id: int) -> Features:
        deadline.check()
        self._pauses.check(customer_id)
        found = self._query(customer_id)
        if found is None:
            return UNKNOWN
        self._cache.put(customer_id, found)
        return found

    def _query(self, customer_id: int) -> Features | None:
        try:
            with self._database.session() as session:
                return features.query(session, customer_id)
        except QueryTimeoutError:
            self._pauses.begin(customer_id)
            raise


def _count(result: str) -> None:
    _requests.add(1, {"cache.name": "features", "cache.result": result})
    trace.get_current_span().set_attribute("cache.result", result)
