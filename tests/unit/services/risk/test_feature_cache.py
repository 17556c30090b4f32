from __future__ import annotations

import json
import logging

import pytest

from services.risk import feature_cache
from services.risk.feature_cache import OVERLAP_S, Entry, FeatureCache
from services.risk.freshness import Lifetime
from tests.support.fake_instrument import FakeInstrument
from tests.support.fake_redis import FakeRedis
from tests.support.risk_examples import REGULAR


class Clock:
    """Unix time that stands still until it is moved."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def redis() -> FakeRedis:
    return FakeRedis()


@pytest.fixture
def cache(redis: FakeRedis, clock: Clock) -> FeatureCache:
    return FeatureCache(redis, Lifetime(100), clock=clock)


@pytest.fixture
def errors(monkeypatch: pytest.MonkeyPatch) -> FakeInstrument:
    counter = FakeInstrument()
    monkeypatch.setattr(feature_cache, "_errors", counter)
    return counter


def test_what_was_put_is_found_with_its_age(cache: FeatureCache, clock: Clock) -> None:
    cache.put(7, REGULAR)
    clock.now += 30
    entry = cache.get(7)
    assert entry is not None
    assert entry.features == REGULAR
    assert entry.age == pytest.approx(30)


def test_nothing_is_found_of_others(cache: FeatureCache) -> None:
    cache.put(7, REGULAR)
    assert cache.get(8) is None


def test_an_entry_past_its_lifetime_is_not_used(cache: FeatureCache, clock: Clock) -> None:
    cache.put(7, REGULAR)
    clock.now += 99.9
    assert cache.get(7) is not None
    clock.now += 0.1
    assert cache.get(7) is None


def test_a_shorter_lifetime_counts_for_entries_stored_before(redis: FakeRedis, clock: Clock) -> None:
    FeatureCache(redis, Lifetime(3600), clock=clock).put(7, REGULAR)
    clock.now += 50
    assert FeatureCache(redis, Lifetime(20), clock=clock).get(7) is None


def test_the_stored_form(cache: FeatureCache, redis: FakeRedis, clock: Clock) -> None:
    cache.put(7, REGULAR)
    stored = json.loads(redis.values["features:7"])
    assert stored["computed_at"] == clock.now
    assert stored["payments"] == REGULAR.payments
    assert redis.expiry["features:7"] == 100 + OVERLAP_S


def test_only_missing_entries_are_filled_in(cache: FeatureCache, redis: FakeRedis) -> None:
    cache.put(7, REGULAR)
    before = redis.values["features:7"]
    assert cache.put_missing({7: Entry(REGULAR, 50), 8: Entry(REGULAR, 60)}) == 1
    assert redis.values["features:7"] == before
    entry = cache.get(8)
    assert entry is not None
    assert entry.age == pytest.approx(60)
    assert redis.expiry["features:8"] == 40 + OVERLAP_S


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"text"', "{}", '{"computed_at": 1}'])
def test_an_entry_that_cannot_be_read_is_a_miss(
    cache: FeatureCache, redis: FakeRedis, errors: FakeInstrument, text: str
) -> None:
    redis.values["features:7"] = text
    assert cache.get(7) is None
    assert len(errors.calls) == 1


def test_redis_away_is_a_miss_with_a_warning_and_a_count(
    cache: FeatureCache, redis: FakeRedis, errors: FakeInstrument, caplog: pytest.LogCaptureFixture
) -> None:
    redis.away = True
    with caplog.at_level(logging.WARNING):
        assert cache.get(7) is None
        cache.put(7, REGULAR)
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert "GET" in caplog.text
    assert "SET" in caplog.text
    assert errors.labels("error.type") == ["ConnectionError", "ConnectionError"]
