"""Customers' features in Redis. Redis away or slow is a miss, never an error: the database still has the answer."""

from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from opentelemetry import metrics
from redis import Redis, RedisError

from services.risk.features import Features
from services.risk.freshness import Lifetime

_log = logging.getLogger(__name__)
_meter = metrics.get_meter("services")
OVERLAP_S = 900
"""Redis keeps an entry this much longer than its lifetime. Age is judged when it is read, so that instances with
different lifetimes can share the cache while one replaces the other."""
_errors = _meter.create_counter("cache.errors", "{error}", "Commands that the cache did not answer")


@dataclass(frozen=True)
class Entry:
    """Features and how many seconds ago they were computed."""

    features: Features
    age: float


class FeatureCache:
    """`features:<customer id>` holds a JSON object: `computed_at` (Unix seconds) and the features' own fields."""

    def __init__(self, redis: Redis, lifetime: Lifetime, *, clock: Callable[[], float] = time.time) -> None:
        self._redis = redis
        self._lifetime = lifetime
        self._clock = clock

    def get(self, customer_id: int) -> Entry | None:
        """Return the entry if there is one that is still fresh."""
        try:
            stored = self._redis.get(_key(customer_id))
        except RedisError as error:
            self._failed("GET", error)
            return None
        entry = self._read(stored) if isinstance(stored, str) else None
        return entry if entry and self._lifetime.fresh(entry.age) else None

    def put(self, customer_id: int, features: Features) -> None:
        """Store features that were computed just now."""
        try:
            self._redis.set(_key(customer_id), self._text(features, 0.0), ex=self._expiry(0.0))
        except RedisError as error:
            self._failed("SET", error)

    def put_missing(self, customers: Mapping[int, Entry]) -> int:
        """Store the entries of customers that have none, and return how many those were; raises RedisError."""
        with self._redis.pipeline(transaction=False) as pipeline:
            for customer_id, entry in customers.items():
                text = self._text(entry.features, entry.age)
                pipeline.set(_key(customer_id), text, ex=self._expiry(entry.age), nx=True)
            return sum(bool(stored) for stored in pipeline.execute())

    def _text(self, features: Features, age: float) -> str:
        return json.dumps({"computed_at": round(self._clock() - age, 3), **features.as_mapping()})

    def _expiry(self, age: float) -> int:
        return max(1, math.ceil(self._lifetime.seconds - age)) + OVERLAP_S

    def _read(self, text: str) -> Entry | None:
        try:
            values = json.loads(text)
            return Entry(Features.from_mapping(values), self._clock() - float(values["computed_at"]))
        except (ValueError, KeyError, TypeError) as error:
            self._failed("read", error)
            return None

    def _failed(self, command: str, error: Exception) -> None:
        kind = type(error).__name__
        _errors.add(1, {"cache.name": "features", "error.type": kind})
        _log.warning("feature cache: %s failed: %s", command, kind, extra={"error_type": kind})


def _key(customer_id: int) -> str:
    return f"features:{customer_id}"
