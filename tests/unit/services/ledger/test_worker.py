from __future__ import annotations

import threading

import pytest
from redis import ResponseError
from redis.exceptions import ConnectionError as RedisConnectionError

from services.common.database import DatabaseUnavailableError
from services.ledger import worker
from services.ledger.stream import Message
from services.ledger.worker import STALLED_S, StalledError, Worker, WorkerSettings
from tests.support.fake_group import FakeGroup
from tests.support.ledger_examples import message

SETTINGS = WorkerSettings(batch=2, claim_idle_ms=100, claim_every_s=5.0)


class RecordingConsumer:
    """Notes the messages it handles; raises `refusals` first."""

    def __init__(self) -> None:
        self.handled: list[str] = []
        self.refusals: list[Exception] = []

    def handle(self, handled: Message) -> str:
        if self.refusals:
            raise self.refusals.pop(0)
        self.handled.append(handled.id)
        return "booked"


class World:
    """A worker whose pauses take no time and whose clock is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.group = FakeGroup()
        self.consumer = RecordingConsumer()
        self.worker = Worker(self.group, self.consumer, SETTINGS, clock=lambda: self.now)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(worker, "PAUSE_S", 0.0)
    return World()


def test_new_messages_are_handled_batch_by_batch(world: World) -> None:
    world.group.waiting = [message(number) for number in range(3)]
    world.worker.step()
    assert world.consumer.handled == ["0-0", "1-0"]
    world.worker.step()
    assert world.consumer.handled == ["0-0", "1-0", "2-0"]


def test_messages_left_behind_come_first_now_and_then(world: World) -> None:
    world.group.left_behind = [message(1), message(2), message(3)]
    world.group.waiting = [message(8), message(9)]
    world.worker.step()
    assert world.consumer.handled == ["1-0", "2-0"]
    world.worker.step()
    assert world.consumer.handled[2:] == ["8-0", "9-0"]
    world.now += 5.0
    world.worker.step()
    assert world.consumer.handled[4:] == ["3-0"]


def test_redis_away_is_waited_for(world: World) -> None:
    world.group.refusals = [RedisConnectionError("away"), RedisConnectionError("away")]
    world.group.waiting = [message(1)]
    world.worker.step()
    assert world.consumer.handled == ["1-0"]


def test_postgres_away_keeps_the_message_in_hand(world: World) -> None:
    world.consumer.refusals = [DatabaseUnavailableError("away"), DatabaseUnavailableError("away")]
    world.group.waiting = [message(1), message(2)]
    world.worker.step()
    assert world.consumer.handled == ["1-0", "2-0"]


def test_a_message_that_is_removed_while_it_waits_is_let_go(world: World) -> None:
    world.consumer.refusals = [DatabaseUnavailableError("away")]
    world.group.waiting = [message(1), message(2)]
    world.group.removed = {"1-0"}
    world.worker.step()
    assert world.consumer.handled == ["2-0"]


def test_redis_going_away_while_a_message_is_handled_keeps_it(world: World) -> None:
    world.consumer.refusals = [RedisConnectionError("away")]
    world.group.waiting = [message(1)]
    world.worker.step()
    assert world.consumer.handled == ["1-0"]


def test_a_group_that_is_gone_is_made_again(world: World) -> None:
    world.group.refusals = [ResponseError("NOGROUP No such key")]
    world.group.waiting = [message(1)]
    world.worker.step()
    assert world.group.ensured == 1
    assert world.consumer.handled == ["1-0"]


def test_a_defect_is_not_swallowed(world: World) -> None:
    world.consumer.refusals = [ZeroDivisionError()]
    world.group.waiting = [message(1)]
    with pytest.raises(ZeroDivisionError):
        world.worker.step()


def test_it_runs_until_stopped_and_finishes_its_batch(world: World) -> None:
    world.group.waiting = [message(1), message(2), message(3)]
    handle = world.consumer.handle

    def stop_after_the_first(handled: Message) -> str:
        world.worker.stop()
        return handle(handled)

    world.consumer.handle = stop_after_the_first  # type: ignore[method-assign]
    world.worker.run()
    assert world.group.ensured == 1
    assert world.consumer.handled == ["1-0", "2-0"]


def test_it_stops_while_it_waits_for_redis(world: World) -> None:
    world.group.refusals = [RedisConnectionError("away") for _ in range(100_000)]
    thread = threading.Thread(target=world.worker.run)
    world.worker.stop()
    thread.start()
    thread.join(5)
    assert not thread.is_alive()


def test_readiness_notices_a_loop_that_hangs(world: World) -> None:
    world.worker.check()
    world.now += STALLED_S + 1
    with pytest.raises(StalledError, match="16 s"):
        world.worker.check()
    world.worker.step()
    world.worker.check()
