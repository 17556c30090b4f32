"""Loads, once when the service starts, the busiest customers' features and the merchants' countries."""

from __future__ import annotations

import logging

from redis import RedisError

from services.common.database import Database, DatabaseError
from services.common.statement import Statement
from services.risk.feature_cache import Entry, FeatureCache
from services.risk.features import Features
from services.risk.freshness import Lifetime

SNAPSHOT = Statement(
    "SELECT risk_feature_snapshot", "SELECT customer_id, features FROM risk_feature_snapshot ORDER BY customer_id"
)
MERCHANTS = Statement("SELECT merchants", "SELECT id, country FROM merchants")

_log = logging.getLogger(__name__)


class NotWarmError(Exception):
    """The warm start is not done yet."""


class WarmStart:
    """Loads once, and tries again until that works: a service that starts before its database still gets warm."""

    def __init__(self, cache: FeatureCache, lifetime: Lifetime, database: Database) -> None:
        self._cache = cache
        self._lifetime = lifetime
        self._database = database
        self._done = False
        self._merchant_countries: dict[int, str] = {}

    def merchant_country(self, merchant_id: int) -> str | None:
        """Return where a merchant is; None when that isn't known, or not yet."""
        return self._merchant_countries.get(merchant_id)

    def step(self) -> None:
        """Load everything unless that is done."""
        if self._done:
            return
        try:
            entries = self._load()
            added = self._cache.put_missing(entries)
        except (DatabaseError, RedisError) as error:
            _log.warning("warm start waits: %s", error, extra={"error_type": type(error).__name__})
            return
        self._done = True
        _log.info("warm start done", extra={"entries": len(entries), "added": added})

    def check(self) -> None:
        """Raise NotWarmError until everything is loaded."""
        if not self._done:
            raise NotWarmError("features and merchants are not loaded yet")

    def _load(self) -> dict[int, Entry]:
        with self._database.session() as session:
            self._merchant_countries = {row["id"]: row["country"] for row in session.rows(MERCHANTS)}
            snapshot = session.rows(SNAPSHOT)
        ages = self._lifetime.spread(len(snapshot))
        return {
            row["customer_id"]: Entry(Features.from_mapping(row["features"]), age)
            for row, age in zip(snapshot, ages, strict=True)
        }
