from __future__ import annotations

import logging
from types import TracebackType

import psycopg
import pytest

from services.common.statement import Session
from services.jobs import run
from services.jobs.run import Findings, Job
from tests.support.fake_instrument import FakeInstrument


class FakeConnection:
    """A connection that knows whether it was closed."""

    def __init__(self) -> None:
        self.closed = False

    def __enter__(self) -> FakeConnection:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closed = True


class World:
    """Instruments and the connection that a job gets."""

    def __init__(self) -> None:
        self.connection = FakeConnection()
        self.arguments: dict[str, object] = {}
        self.runs = FakeInstrument()
        self.durations = FakeInstrument()

    def connect(self, url: str, **arguments: object) -> FakeConnection:
        assert url == "postgresql://test"
        self.arguments = arguments
        return self.connection


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()
    monkeypatch.setattr(psycopg, "connect", world.connect)
    monkeypatch.setattr(run, "_runs", world.runs)
    monkeypatch.setattr(run, "_duration", world.durations)
    return world


def count(_: Session) -> Findings:
    return {"found": 3}


def test_a_run_leaves_one_line_with_its_findings(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert Job("count", count).run("postgresql://test") is True
    (record,) = caplog.records
    assert record.getMessage() == "job count succeeded"
    assert vars(record)["found"] == 3
    assert vars(record)["duration_ms"] >= 0


def test_a_run_is_counted_and_measured(world: World) -> None:
    Job("count", count).run("postgresql://test")
    assert world.runs.calls == [(1, {"job.name": "count", "outcome": "succeeded"})]
    assert len(world.durations.calls) == 1


def test_the_connection_says_which_job_it_is_is_limited_and_closed(world: World) -> None:
    Job("count", count).run("postgresql://test")
    assert world.arguments["application_name"] == "jobs-count"
    assert world.arguments["options"] == "-c statement_timeout=10000"
    Job("count", count).run("postgresql://test", 2.5)
    assert world.arguments["options"] == "-c statement_timeout=2500"
    assert world.connection.closed


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (psycopg.OperationalError("refused"), "DatabaseUnavailableError"),
        (psycopg.errors.QueryCanceled("too slow"), "QueryTimeoutError"),
        (psycopg.errors.UndefinedTable("no such table"), "UndefinedTable"),
    ],
)
def test_a_run_that_fails_is_an_error_in_the_log_and_no_more(
    world: World, caplog: pytest.LogCaptureFixture, error: Exception, told: str
) -> None:
    def fail(_: Session) -> Findings:
        raise error

    assert Job("count", fail).run("postgresql://test") is False
    (record,) = caplog.records
    assert (record.levelname, record.getMessage()) == ("ERROR", "job count failed")
    assert vars(record)["error_type"] == told
    assert world.runs.labels("outcome") == ["failed"]
    assert world.connection.closed


def test_a_defect_is_not_swallowed(world: World) -> None:
    def fail(_: Session) -> Findings:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Job("count", fail).run("postgresql://test")
