from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from services.common import database
from services.common.database import (
    Database,
    DatabaseUnavailableError,
    PoolSettings,
    PoolTimeoutError,
    QueryTimeoutError,
    connection_arguments,
    translated_errors,
)
from tests.support.observed import Observed


@pytest.fixture
def silent_server() -> Iterator[int]:
    """Listen and never say a word: the port of a database that hangs."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def hanging(silent_server: int) -> Iterator[Database]:
    url = f"postgresql://nobody@127.0.0.1:{silent_server}/nothing"
    made = Database(url, PoolSettings(name="hanging", most=3, timeout=0.05))
    made.open()
    with closing(made):
        yield made


def test_no_connection_in_time(hanging: Database, observed: Observed, caplog: pytest.LogCaptureFixture) -> None:
    before = observed.count("db.client.connection.wait_time", pool_name="hanging")
    with pytest.raises(PoolTimeoutError, match="'hanging'"), hanging.session():
        pytest.fail("there is no connection")
    assert observed.count("db.client.connection.wait_time", pool_name="hanging") == before + 1
    assert observed.value("db.client.connection.timeouts", pool_name="hanging") >= 1
    assert observed.span("wait for connection").attributes == {"pool.name": "hanging"}
    assert "no connection came free in time" in caplog.text


def test_gauges_of_the_pool(hanging: Database, observed: Observed) -> None:
    assert observed.value("db.client.connection.max", pool_name="hanging") == 3
    states = {point.attributes["state"] for point in observed.points("db.client.connection.count", pool_name="hanging")}
    assert states == {"idle", "used"}


def test_a_closed_pool_is_gone_from_the_gauges(silent_server: int, observed: Observed) -> None:
    made = Database(f"postgresql://127.0.0.1:{silent_server}/x", PoolSettings(name="closed", most=1, timeout=0.05))
    made.open()
    made.close()
    assert observed.points("db.client.connection.max", pool_name="closed") == []
    with pytest.raises(PoolTimeoutError), made.session():
        pytest.fail("the pool is closed")


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (psycopg.errors.QueryCanceled("statement timeout"), QueryTimeoutError),
        (psycopg.OperationalError("server closed the connection"), DatabaseUnavailableError),
        (psycopg.InterfaceError("the connection is closed"), DatabaseUnavailableError),
        (psycopg.errors.AdminShutdown("terminating"), DatabaseUnavailableError),
        (psycopg.errors.UniqueViolation("twice"), psycopg.errors.UniqueViolation),
        (KeyError("ours"), KeyError),
    ],
)
def test_what_errors_become(raised: Exception, expected: type[Exception]) -> None:
    with pytest.raises(expected), translated_errors():
        raise raised


def test_connections_say_who_they_are() -> None:
    arguments = connection_arguments("risk", 0.4)
    assert arguments["application_name"] == "risk"
    assert arguments["options"] == "-c statement_timeout=400"
    assert connection_arguments("jobs", None)["options"] == "-c statement_timeout=0"


def test_an_idle_connection_is_checked_without_asking_the_server() -> None:
    asked: list[str] = []

    class Idle:
        def __init__(self, end: socket.socket) -> None:
            self.fileno = end.fileno
            self.execute = asked.append

    ours, theirs = socket.socketpair()
    with ours:
        database._check(Idle(ours))
        assert asked == []
        theirs.close()
        database._check(Idle(ours))
        assert asked == ["SELECT 1"]
