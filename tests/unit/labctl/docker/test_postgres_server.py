from __future__ import annotations

import pytest

from labctl.base.errors import EngineError, WaitTimeoutError
from labctl.docker import postgres_server
from labctl.docker.postgres_server import PostgresServer
from tests.support.fake_host import FakeHost


def test_a_script_goes_to_psql_inside_the_container_and_stops_at_its_first_error() -> None:
    host = FakeHost()
    PostgresServer(host, "id").run("SELECT 1;")
    assert host.scripts == ["SELECT 1;"]
    (command,) = host.commands
    assert command[:3] == ("exec", "id", "env")
    assert "psql" in command
    assert "--set=ON_ERROR_STOP=1" in command


def test_what_psql_refuses_is_an_error() -> None:
    with pytest.raises(EngineError):
        PostgresServer(FakeHost(refuses={"exec"}), "id").run("SELECT 1;")


LOCKED = "psql failed: ERROR:  canceling statement due to lock timeout"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_server, "ALTER_EVERY_S", 0.001)
    monkeypatch.setattr(postgres_server, "ALTER_WITHIN_S", 0.05)


@pytest.mark.usefixtures("quick")
def test_a_change_of_the_schema_gives_way_to_readers_and_comes_back() -> None:
    host = FakeHost(psql_says=[LOCKED, LOCKED])
    PostgresServer(host, "id").alter("DROP INDEX a;")
    assert host.scripts == ["DROP INDEX a;"]
    assert len(host.commands) == 3
    assert all(any("lock_timeout=150ms" in part for part in command) for command in host.commands)


@pytest.mark.usefixtures("quick")
def test_a_table_that_somebody_keeps_is_said_so() -> None:
    host = FakeHost(psql_says=[LOCKED] * 1000)
    with pytest.raises(WaitTimeoutError, match="change of the database's schema") as caught:
        PostgresServer(host, "id").alter("DROP INDEX a;")
    assert "pg_stat_activity" in caught.value.todo
    assert host.scripts == []


def test_another_error_of_a_change_is_told_at_once() -> None:
    host = FakeHost(psql_says=["ERROR:  syntax error"])
    with pytest.raises(EngineError, match="syntax"):
        PostgresServer(host, "id").alter("DROP;")
    assert len(host.commands) == 1
