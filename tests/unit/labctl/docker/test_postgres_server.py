from __future__ import annotations

import pytest

from labctl.base.errors import EngineError
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
