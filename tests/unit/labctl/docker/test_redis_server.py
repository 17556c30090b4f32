from __future__ import annotations

import pytest

from labctl.base.errors import EngineError
from labctl.docker.redis_server import ENTRY_BYTES, Memory, RedisServer
from tests.support.fake_host import FakeHost

PASSING = 37_000 - 20_000
"""Bytes of the one who measures, but for the buffer that all share."""


def test_settings_are_taken_over_while_it_runs() -> None:
    host = FakeHost()
    RedisServer(host, "id").apply({"MAXMEMORY": "1mb", "MAXMEMORY_POLICY": "volatile-lru"})
    assert host.state.redis == {"maxmemory": "1mb", "maxmemory-policy": "volatile-lru"}


def test_a_setting_that_it_refuses_is_an_error() -> None:
    with pytest.raises(EngineError, match="Redis refused MAXMEMORY=much"):
        RedisServer(FakeHost(refuses={"maxmemory"}), "id").apply({"MAXMEMORY": "much"})


def test_the_password_is_on_no_command_line() -> None:
    host = FakeHost()
    RedisServer(host, "id").memory("features:*")
    for command in host.commands:
        assert 'REDISCLI_AUTH="$REDIS_PASSWORD"' in command[4]
        assert "-a" not in command[5:]


def test_memory_in_use_and_that_of_some_entries() -> None:
    host = FakeHost(used_memory=90_000, entries=(300, 400, 500))
    assert RedisServer(host, "id").memory("features:*") == Memory(90_000 - PASSING, 1200 + 3 * ENTRY_BYTES)


def test_an_empty_cache_uses_nothing() -> None:
    assert RedisServer(FakeHost(used_memory=90_000, entries=()), "id").memory("features:*") == Memory(73_000, 0)


def test_a_server_that_does_not_say_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    host = FakeHost()
    monkeypatch.setattr(FakeHost, "exec", lambda *_, **__: "entry 300\nNOAUTH Authentication required.\n")
    with pytest.raises(EngineError, match="how much memory"):
        RedisServer(host, "id").memory("features:*")
