from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from opentelemetry.trace import SpanKind
from redis import ConnectionError as RedisConnectionError

from services.common import origin
from services.payments import outbox
from services.payments.events import Event
from services.payments.outbox import PENDING, PUBLISHED, Outbox, RedisStream
from tests.support.fake_sql import FakeSql
from tests.support.observed import Observed

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
EVENT: Event = {"event_id": "e1", "type": "payment.captured", "request_id": "req-1", "traceparent": PARENT}


class FakeStream:
    def __init__(self, error: Exception | None = None) -> None:
        self.events: list[Event] = []
        self.error = error
        self.got = threading.Event()

    def append(self, events: list[Event]) -> None:
        if self.error:
            raise self.error
        self.events += events
        self.got.set()


def pending(*events: Event) -> FakeSql:
    return FakeSql({PENDING: [{"id": number, "event": event} for number, event in enumerate(events, start=1)]})


def test_a_batch_is_published_then_marked_in_one_transaction() -> None:
    sql, stream = pending(EVENT, {**EVENT, "event_id": "e2"}), FakeStream()
    assert Outbox(sql.database, stream).publish_batch() == 2
    assert [event["event_id"] for event in stream.events] == ["e1", "e2"]
    assert sql.parameters(PUBLISHED) == {"ids": [1, 2]}
    assert sql.transactions == 1


def test_an_event_continues_its_requests_trace(observed: Observed) -> None:
    stream = FakeStream()
    Outbox(pending(EVENT).database, stream).publish_batch()
    span = observed.span("publish payments.events")
    assert span.kind is SpanKind.PRODUCER
    assert span.context is not None
    assert span.parent is not None
    assert f"{span.parent.span_id:016x}" == "b7ad6b7169203331"
    assert f"{span.context.trace_id:032x}-{span.context.span_id:016x}" in stream.events[0]["traceparent"]
    assert stream.events[0]["request_id"] == "req-1"


@pytest.mark.parametrize("mark", [{}, {origin.ATTRIBUTE: origin.TEST}])
def test_its_publishing_is_of_the_same_origin(observed: Observed, mark: dict[str, str]) -> None:
    stream = FakeStream()
    Outbox(pending({**EVENT, **mark}).database, stream).publish_batch()
    attributes = observed.span("publish payments.events").attributes or {}
    assert attributes.get(origin.ATTRIBUTE) == mark.get(origin.ATTRIBUTE)
    assert stream.events[0].get(origin.ATTRIBUTE) == mark.get(origin.ATTRIBUTE)


@pytest.mark.parametrize("dated", [True, False])
def test_an_event_says_when_it_was_published_if_that_is_asked_for(dated: bool) -> None:
    stream = FakeStream()
    Outbox(pending(EVENT).database, stream, dated=lambda: dated).publish_batch()
    assert ("published_at" in stream.events[0]) is dated


def test_nothing_pending_nothing_sent() -> None:
    sql = FakeSql({})
    assert Outbox(sql.database, FakeStream()).publish_batch() == 0
    assert PUBLISHED not in sql.statements


def test_events_stay_while_the_stream_is_away(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    sql, stream = pending(EVENT), FakeStream(RedisConnectionError("refused"))
    publisher = Outbox(sql.database, stream)
    publisher.step()
    publisher.step()
    assert PUBLISHED not in sql.statements
    assert len(caplog.records) == 1, "left alone for a second after a failure"
    stream.error = None
    now += outbox.RETRY_AFTER_S
    publisher.step()
    assert [event["event_id"] for event in stream.events] == ["e1"]


def test_woken_it_publishes_at_once() -> None:
    stream = FakeStream()
    publisher = Outbox(pending(EVENT).database, stream)
    publisher.start()
    publisher.wake()
    assert stream.got.wait(5)
    publisher.stop()


def test_the_stream_is_bounded() -> None:
    sent: list[tuple[Any, ...]] = []

    class Pipeline:
        def xadd(self, *arguments: Any, **options: Any) -> None:
            sent.append((*arguments, options))

        def execute(self) -> None:
            sent.append(("execute",))

    class Client:
        def pipeline(self, *, transaction: bool) -> Pipeline:
            assert not transaction
            return Pipeline()

    RedisStream(Client()).append([EVENT, EVENT])
    options = {"maxlen": 50_000, "approximate": True}
    assert sent == [("payments.events", EVENT, options)] * 2 + [("execute",)]
