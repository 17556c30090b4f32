from __future__ import annotations

import pytest

from services.common import deadline
from services.common.database import PoolTimeoutError, QueryTimeoutError
from services.common.deadline import Deadline, DeadlineExceededError
from services.risk import feature_store
from services.risk.feature_cache import Entry, FeatureCache
from services.risk.feature_store import FeatureStore
from services.risk.features import FEATURES, UNKNOWN
from services.risk.freshness import Lifetime
from services.risk.pauses import PausedError, Pauses
from tests.support.fake_database import FakeDatabase
from tests.support.fake_instrument import FakeInstrument
from tests.support.fake_redis import FakeRedis
from tests.support.risk_examples import REGULAR


class Asked:
    """A refresher that notes who is to be renewed."""

    def __init__(self) -> None:
        self.customers: list[int] = []

    def ask(self, customer_id: int) -> None:
        self.customers.append(customer_id)


class World:
    """A store over an empty cache and a database that knows one customer."""

    def __init__(self) -> None:
        self.redis = FakeRedis()
        self.cache = FeatureCache(self.redis, Lifetime(100))
        self.database = FakeDatabase({FEATURES.summary: [REGULAR.as_mapping()]})
        self.refresher = Asked()
        self.store = FeatureStore(self.cache, Lifetime(100), self.database, self.refresher, Pauses(4))

    @property
    def queries(self) -> int:
        return len(self.database.lent.asked)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(autouse=True)
def requests(monkeypatch: pytest.MonkeyPatch) -> FakeInstrument:
    counter = FakeInstrument()
    monkeypatch.setattr(feature_store, "_requests", counter)
    return counter


def test_a_miss_asks_the_database_and_fills_the_cache(world: World, requests: FakeInstrument) -> None:
    assert world.store.features(7) == REGULAR
    assert world.store.features(7) == REGULAR
    assert world.queries == 1
    assert requests.labels("cache.result") == ["miss", "hit"]
    assert set(requests.labels("cache.name")) == {"features"}


def test_a_young_entry_is_left_alone(world: World) -> None:
    world.cache.put_missing({7: Entry(REGULAR, 79)})
    world.store.features(7)
    assert world.refresher.customers == []


def test_an_ageing_entry_is_used_and_renewed_in_the_background(world: World) -> None:
    world.cache.put_missing({7: Entry(REGULAR, 81)})
    assert world.store.features(7) == REGULAR
    assert world.refresher.customers == [7]
    assert world.queries == 0


def test_every_miss_runs_its_own_query_while_redis_is_away(world: World, requests: FakeInstrument) -> None:
    world.redis.away = True
    for _ in range(3):
        assert world.store.features(7) == REGULAR
    assert world.queries == 3
    assert requests.labels("cache.result") == ["miss"] * 3


def test_an_unknown_customer_is_not_cached(world: World) -> None:
    world.database.lent.answers.clear()
    assert world.store.features(7) is UNKNOWN
    assert world.redis.values == {}


def test_a_pool_without_a_free_connection_is_an_error(world: World) -> None:
    world.database.lent.answers[FEATURES.summary] = PoolTimeoutError("busy")
    with pytest.raises(PoolTimeoutError):
        world.store.features(7)
    assert world.redis.values == {}


def test_a_query_that_ran_into_its_time_out_is_not_run_again_for_every_attempt(world: World) -> None:
    world.database.lent.answers[FEATURES.summary] = QueryTimeoutError("slow")
    with pytest.raises(QueryTimeoutError):
        world.store.features(7)
    with pytest.raises(PausedError):
        world.store.features(7)
    assert world.queries == 1
    with pytest.raises(QueryTimeoutError):
        world.store.features(8)
    assert world.queries == 2


def test_no_query_is_started_after_the_deadline(world: World) -> None:
    token = deadline.bind(Deadline.after(0))
    try:
        with pytest.raises(DeadlineExceededError):
            world.store.features(7)
    finally:
        deadline.release(token)
    assert world.queries == 0
