from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from services.common.settings import SettingError, Settings
from services.jobs.__main__ import EVERY_S, JOBS, build

ROOT = Path(__file__).parents[4]
NOBODY = {"DATABASE_URL": "postgresql://jobs@127.0.0.1:9/payments"}


def test_every_job_has_an_interval() -> None:
    assert {job.name for job in JOBS} == set(EVERY_S) == {"reconcile", "report", "tidy"}


def test_intervals_can_be_set() -> None:
    build(Settings({**NOBODY, "RECONCILE_EVERY_SECONDS": "5"}))
    with pytest.raises(SettingError, match="RECONCILE_EVERY_SECONDS"):
        build(Settings({**NOBODY, "RECONCILE_EVERY_SECONDS": "never"}))


def test_the_limit_of_a_statement_can_be_set() -> None:
    build(Settings({**NOBODY, "STATEMENT_TIMEOUT_MS": "500"}))
    with pytest.raises(SettingError, match="STATEMENT_TIMEOUT_MS"):
        build(Settings({**NOBODY, "STATEMENT_TIMEOUT_MS": "0"}))


def test_the_database_is_required() -> None:
    with pytest.raises(SettingError, match="DATABASE_URL"):
        build(Settings({}))


def test_sigterm_ends_it_while_the_database_is_away() -> None:
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("OTEL_")},
        **NOBODY,
        "RECONCILE_EVERY_SECONDS": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "services.jobs"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=20)
    assert process.returncode == 0, first + rest
    assert "job reconcile failed" in first
