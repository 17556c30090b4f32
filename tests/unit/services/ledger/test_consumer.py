from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from services.common import origin, request_context
from services.common.database import DatabaseUnavailableError
from services.ledger import backlog, consumer
from services.ledger.consumer import Consumer
from services.ledger.events import PaymentEvent
from tests.support.fake_group import FakeGroup
from tests.support.fake_instrument import FakeInstrument
from tests.support.ledger_examples import TRACE_ID, message


class FakeBooks:
    """Books every event once; remembers under which request id."""

    def __init__(self) -> None:
        self.booked: dict[str, str] = {}
        self.refusal: Exception | None = None
        self.origins: list[str] = []

    def book(self, event: PaymentEvent) -> bool:
        self.origins.append(origin.current())
        if self.refusal:
            raise self.refusal
        new = str(event.event_id) not in self.booked
        self.booked.setdefault(str(event.event_id), request_context.current())
        return new


class World:
    """A consumer over a fake group and fake books."""

    def __init__(self) -> None:
        self.group = FakeGroup()
        self.books = FakeBooks()
        self.consumer = Consumer("s", self.group, self.books, most_deliveries=5)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(consumer, "_tracer", provider.get_tracer("test"))
    yield exporter
    provider.shutdown()


@pytest.fixture(autouse=True)
def messages(monkeypatch: pytest.MonkeyPatch) -> FakeInstrument:
    counter = FakeInstrument()
    monkeypatch.setattr(backlog, "_messages", counter)
    return counter


def test_an_event_is_booked_then_acknowledged_and_counted(world: World, messages: FakeInstrument) -> None:
    assert world.consumer.handle(message(1)) == "booked"
    assert len(world.books.booked) == 1
    assert world.group.acknowledged == ["1-0"]
    assert messages.labels("outcome") == ["booked"]


def test_an_event_is_booked_for_whoever_asked(world: World) -> None:
    world.consumer.handle(message(1))
    world.consumer.handle(message(2, **{origin.ATTRIBUTE: origin.TEST}))
    assert world.books.origins == ["", origin.TEST]
    assert origin.current() == ""


def test_a_repeated_event_is_acknowledged_and_changes_nothing(world: World) -> None:
    again = message(1)
    assert world.consumer.handle(again) == "booked"
    assert world.consumer.handle(again) == "duplicate"
    assert len(world.books.booked) == 1
    assert world.group.acknowledged == ["1-0", "1-0"]


def test_a_declined_payment_is_not_booked(world: World) -> None:
    assert world.consumer.handle(message(1, type="payment.declined")) == "ignored"
    assert world.books.booked == {}
    assert world.group.acknowledged == ["1-0"]


def test_a_malformed_message_is_left_for_redelivery(world: World) -> None:
    assert world.consumer.handle(message(1, amount_minor="-5")) == "failed"
    assert world.group.acknowledged == []
    assert world.group.dead == []


def test_after_enough_deliveries_it_is_given_up(world: World) -> None:
    world.group.delivered["1-0"] = 5
    assert world.consumer.handle(message(1, amount_minor="-5")) == "dead"
    ((dead, reason),) = world.group.dead
    assert dead == "1-0"
    assert reason.startswith("amount_minor:")


def test_an_event_that_the_database_refuses_is_treated_like_a_malformed_one(world: World) -> None:
    world.books.refusal = psycopg.errors.NumericValueOutOfRange("too big")
    assert world.consumer.handle(message(1)) == "failed"


def test_a_database_that_is_away_is_nobodys_fault(world: World, messages: FakeInstrument) -> None:
    world.group.delivered["1-0"] = 99
    world.books.refusal = DatabaseUnavailableError("away")
    with pytest.raises(DatabaseUnavailableError):
        world.consumer.handle(message(1))
    assert world.group.dead == world.group.acknowledged == []
    assert messages.labels("outcome") == ["postponed"]


def test_the_request_id_is_that_of_the_checkout(world: World) -> None:
    world.consumer.handle(message(1, request_id="checkout-7"))
    assert list(world.books.booked.values()) == ["checkout-7"]
    assert request_context.current() == ""


def test_the_booking_is_part_of_the_checkouts_trace(world: World, spans: InMemorySpanExporter) -> None:
    world.consumer.handle(message(1))
    (span,) = spans.get_finished_spans()
    assert span.name == "process s"
    assert f"{span.context.trace_id:032x}" == TRACE_ID
    assert span.attributes is not None
    assert span.attributes["messaging.outcome"] == "booked"


@pytest.mark.parametrize("traceparent", ["", "nonsense"])
def test_without_a_trace_it_starts_one(world: World, spans: InMemorySpanExporter, traceparent: str) -> None:
    world.consumer.handle(message(1, traceparent=traceparent))
    (span,) = spans.get_finished_spans()
    assert span.parent is None


def test_a_failure_shows_in_the_span(world: World, spans: InMemorySpanExporter) -> None:
    world.consumer.handle(message(1, currency="?"))
    (span,) = spans.get_finished_spans()
    assert span.status.status_code is StatusCode.ERROR
