from __future__ import annotations

from types import SimpleNamespace

import psycopg
import pytest

from services.common.database import DatabaseUnavailableError
from services.risk import features, refresher
from services.risk.features import Features
from services.risk.refresher import MOST_PENDING, FeatureSource, Refresher
from tests.support.fake_instrument import FakeInstrument
from tests.support.risk_examples import REGULAR


class RecordingCache:
    """A cache that only notes what is put."""

    def __init__(self) -> None:
        self.stored: list[int] = []

    def put(self, customer_id: int, features: Features) -> None:
        assert features == REGULAR
        self.stored.append(customer_id)


@pytest.fixture
def cache() -> RecordingCache:
    return RecordingCache()


@pytest.fixture
def refreshes(monkeypatch: pytest.MonkeyPatch) -> FakeInstrument:
    counter = FakeInstrument()
    monkeypatch.setattr(refresher, "_refreshes", counter)
    return counter


def test_queued_customers_are_renewed_in_order_and_counted(cache: RecordingCache, refreshes: FakeInstrument) -> None:
    queue = Refresher(cache, lambda _: REGULAR)
    for customer in (3, 1, 2):
        queue.ask(customer)
    queue.drain()
    assert cache.stored == [3, 1, 2]
    assert len(refreshes.calls) == 3


def test_those_asked_for_last_can_come_first(cache: RecordingCache) -> None:
    queue = Refresher(cache, lambda _: REGULAR, newest_first=lambda: True)
    for customer in (3, 1, 2):
        queue.ask(customer)
    queue.drain()
    assert cache.stored == [2, 1, 3]


def test_a_customer_is_queued_once(cache: RecordingCache) -> None:
    queue = Refresher(cache, lambda _: REGULAR)
    for _ in range(5):
        queue.ask(7)
    queue.drain()
    assert cache.stored == [7]


def test_a_customer_can_be_renewed_again_later(cache: RecordingCache) -> None:
    queue = Refresher(cache, lambda _: REGULAR)
    for _ in range(2):
        queue.ask(7)
        queue.drain()
    assert cache.stored == [7, 7]


def test_the_queue_is_bounded(cache: RecordingCache) -> None:
    queue = Refresher(cache, lambda _: REGULAR)
    for customer in range(MOST_PENDING + 10):
        queue.ask(customer)
    queue.drain()
    assert len(cache.stored) == MOST_PENDING


def test_a_customer_that_is_gone_is_not_stored(cache: RecordingCache, refreshes: FakeInstrument) -> None:
    queue = Refresher(cache, lambda _: None)
    queue.ask(7)
    queue.drain()
    assert cache.stored == []
    assert refreshes.calls == []


def test_after_a_failure_the_rest_stays_queued(cache: RecordingCache) -> None:
    def compute(customer_id: int) -> Features:
        if customer_id == 1:
            raise DatabaseUnavailableError("away")
        return REGULAR

    queue = Refresher(cache, compute)
    queue.ask(1)
    queue.ask(2)
    with pytest.raises(DatabaseUnavailableError):
        queue.drain()
    queue.drain()
    assert cache.stored == [2]


def test_stopping_drops_what_is_queued(cache: RecordingCache) -> None:
    queue = Refresher(cache, lambda _: REGULAR)
    queue.ask(7)
    queue.start()
    queue.stop()
    queue.drain()
    assert cache.stored in ([], [7])


class FakeConnections:
    """Hands out connections, and counts them."""

    def __init__(self) -> None:
        self.made: list[SimpleNamespace] = []
        self.arguments: dict[str, object] = {}

    def connect(self, url: str, **arguments: object) -> SimpleNamespace:
        assert url == "postgresql://test"
        self.arguments = arguments
        connection = SimpleNamespace(broken=False, closed=False, close=lambda: None)
        self.made.append(connection)
        return connection


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> FakeConnections:
    fake = FakeConnections()
    monkeypatch.setattr(psycopg, "connect", fake.connect)
    monkeypatch.setattr(features, "query", lambda _session, _customer: REGULAR)
    return fake


def test_the_source_keeps_its_connection(connections: FakeConnections) -> None:
    source = FeatureSource("postgresql://test")
    assert source(1) == source(2) == REGULAR
    assert len(connections.made) == 1


def test_the_source_has_a_name_and_no_statement_timeout(connections: FakeConnections) -> None:
    FeatureSource("postgresql://test")(1)
    assert connections.arguments["application_name"] == "risk-refresh"
    assert connections.arguments["options"] == "-c statement_timeout=0"


def test_a_broken_connection_is_replaced(connections: FakeConnections) -> None:
    source = FeatureSource("postgresql://test")
    source(1)
    connections.made[0].broken = True
    source(1)
    assert len(connections.made) == 2
    source.close()


def test_closing_a_source_that_never_connected_does_not_connect(monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[str] = []
    monkeypatch.setattr(psycopg, "connect", connected.append)
    FeatureSource("postgresql://test").close()
    assert connected == []


def test_no_connection_is_told_in_our_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise psycopg.OperationalError("refused")

    monkeypatch.setattr(psycopg, "connect", refuse)
    with pytest.raises(DatabaseUnavailableError, match="refused"):
        FeatureSource("postgresql://test")(1)
