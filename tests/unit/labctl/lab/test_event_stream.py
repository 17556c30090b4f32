from __future__ import annotations

import pytest

from labctl.base.errors import EngineError
from labctl.docker.redis_server import RedisServer
from labctl.lab.event_stream import DEAD_LETTERS, STREAM, EventStream
from services.ledger.wiring import StreamSettings
from services.payments import events
from tests.support.fake_host import FakeHost

FIELDS = {"event_id": "e-1", "type": "payment.captured"}


class Refusing(FakeHost):
    """Answers everything with an error, as redis-cli prints it."""

    def exec(self, container: str, *command: str, stdin: str | None = None, **_: object) -> str:
        return "ERR no"


def stream(host: FakeHost) -> EventStream:
    return EventStream(RedisServer(host, "id"))


def test_the_names_are_those_that_the_services_use() -> None:
    assert events.STREAM == STREAM
    assert StreamSettings(STREAM, "g", "c").dead == DEAD_LETTERS


def test_a_record_is_appended_field_by_field() -> None:
    host = FakeHost()
    stream(host).append(FIELDS)
    assert host.commands[0][-7:] == ("XADD", STREAM, "*", "event_id", "e-1", "type", "payment.captured")


def test_it_is_taken_out_of_the_stream_and_of_the_dead_letters() -> None:
    host = FakeHost()
    stream(host).append(FIELDS)
    stream(host).remove("e-1")
    assert host.seen().events == []
    assert {STREAM, DEAD_LETTERS, "e-1"} <= set(host.commands[-1])


def test_a_refusal_is_an_error() -> None:
    with pytest.raises(EngineError, match="ERR no"):
        stream(Refusing()).append(FIELDS)
    with pytest.raises(EngineError, match="ERR no"):
        stream(Refusing()).remove("e-1")
