from __future__ import annotations

import logging

import pytest

from services.common.database import DatabaseUnavailableError
from services.risk.feature_cache import FeatureCache
from services.risk.freshness import Lifetime
from services.risk.warm_start import MERCHANTS, SNAPSHOT, NotWarmError, WarmStart
from tests.support.fake_database import FakeDatabase
from tests.support.fake_redis import FakeRedis
from tests.support.risk_examples import REGULAR

LIFETIME = Lifetime(100)


def answers(customers: int = 4) -> dict[str, object]:
    return {
        MERCHANTS.summary: [{"id": 5, "country": "FR"}],
        SNAPSHOT.summary: [
            {"customer_id": number, "features": REGULAR.as_mapping()} for number in range(1, customers + 1)
        ],
    }


class World:
    """A warm start over a fake cache and database."""

    def __init__(self) -> None:
        self.redis = FakeRedis()
        self.cache = FeatureCache(self.redis, LIFETIME)
        self.database = FakeDatabase(answers())
        self.warm_start = WarmStart(self.cache, LIFETIME, self.database)


@pytest.fixture
def world() -> World:
    return World()


def test_the_snapshot_fills_the_cache_with_ages_spread(world: World) -> None:
    world.warm_start.step()
    ages = [entry.age for number in range(1, 5) if (entry := world.cache.get(number))]
    assert ages == pytest.approx([0, 20, 40, 60], abs=0.5)


def test_entries_that_are_there_stay(world: World) -> None:
    world.cache.put(3, REGULAR)
    before = world.redis.values["features:3"]
    world.warm_start.step()
    assert world.redis.values["features:3"] == before


def test_merchants_are_known_afterwards(world: World) -> None:
    assert world.warm_start.merchant_country(5) is None
    world.warm_start.step()
    assert world.warm_start.merchant_country(5) == "FR"
    assert world.warm_start.merchant_country(6) is None


def test_it_is_done_once(world: World) -> None:
    world.warm_start.step()
    asked = len(world.database.lent.asked)
    world.warm_start.step()
    assert len(world.database.lent.asked) == asked


def test_readiness_waits_for_it(world: World) -> None:
    with pytest.raises(NotWarmError):
        world.warm_start.check()
    world.warm_start.step()
    world.warm_start.check()


def test_a_database_that_comes_later_is_waited_for(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.database.lent.answers[MERCHANTS.summary] = DatabaseUnavailableError("starting up")
    with caplog.at_level(logging.WARNING):
        world.warm_start.step()
    assert "starting up" in caplog.text
    world.database.lent.answers.update(answers())
    world.warm_start.step()
    world.warm_start.check()


def test_a_cache_that_comes_later_is_waited_for(world: World) -> None:
    world.redis.away = True
    world.warm_start.step()
    with pytest.raises(NotWarmError):
        world.warm_start.check()
    world.redis.away = False
    world.warm_start.step()
    assert len(world.redis.values) == 4


def test_an_empty_snapshot_is_fine(world: World) -> None:
    world.database.lent.answers[SNAPSHOT.summary] = []
    world.warm_start.step()
    world.warm_start.check()
