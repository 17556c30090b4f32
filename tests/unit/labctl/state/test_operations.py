from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from labctl.state.database import Database
from labctl.state.operations import DONE, FAILED, OperationLog


@pytest.fixture
def log(tmp_path: Path) -> OperationLog:
    database = Database(tmp_path / "state.db")
    database.prepare()
    return OperationLog(database)


def outcomes(log: OperationLog) -> list[str | None]:
    with log.database.reading() as connection:
        return [row["outcome"] for row in connection.execute("SELECT outcome FROM operations ORDER BY id")]


def test_an_operation_is_unfinished_until_it_ends(log: OperationLog) -> None:
    first, second = log.begin("up"), log.begin("break", {"fault": "x"})
    assert log.unfinished() == [first, second]
    assert first.pid == os.getpid()
    log.end(first)
    assert log.unfinished() == [second]
    log.end(second, FAILED)
    assert log.unfinished() == []
    assert outcomes(log) == [DONE, FAILED]


def test_the_first_outcome_stays(log: OperationLog) -> None:
    operation = log.begin("up")
    log.end(operation, FAILED)
    log.end(operation, DONE)
    assert outcomes(log) == [FAILED]


def test_the_detail_is_kept_but_not_readable_in_the_file(log: OperationLog) -> None:
    log.begin("break", {"fault": "risk-cache-ttl-cut"})
    assert log.unfinished()[0].detail == {"fault": "risk-cache-ttl-cut"}
    assert not any(b"risk-cache" in path.read_bytes() for path in log.database.path.parent.glob("state.db*"))


def test_the_marker_outlives_a_process_that_is_killed(log: OperationLog) -> None:
    script = (
        "import os, pathlib, signal, sys\n"
        "from labctl.state.database import Database\n"
        "from labctl.state.operations import OperationLog\n"
        "OperationLog(Database(pathlib.Path(sys.argv[1]))).begin('verify')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(log.database.path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert [operation.what for operation in log.unfinished()] == ["verify"]
