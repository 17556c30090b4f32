from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from bench import store
from bench.store import Use, figures, require_whole, running, use
from labctl.base.errors import EngineError
from labctl.base.waiting import pause


def test_the_budgets_are_a_fifth_of_a_core_and_150_megabytes() -> None:
    made = figures(Use(0.001, 60), Use(0.1, 75))
    assert [(each.value, each.budget) for each in made] == [(0.1, 0.2), (75, 150), (0.001, 0.01)]


def test_a_store_is_started_measured_and_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "A_SECOND", 50)
    with running(tmp_path) as (process, port):
        taken = use(process.pid, lambda: store.send(port, 1))
        assert taken.cores >= 0
        assert 20 < taken.memory_mb < 300
        pause(0.5)
        require_whole(port, 50)
        with pytest.raises(EngineError, match="the store took"):
            require_whole(port, 51)
    assert process.returncode is not None


def test_a_child_that_has_just_ended_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen(["true"]) as child:
        gone = child.pid
    own = os.getpid()
    before = store.memory_mb(own), store.ticks(own)
    monkeypatch.setattr(store, "family", lambda pid: [pid, gone])
    assert store.memory_mb(own)[0] > 0.5 * before[0][0]
    assert store.ticks(own) >= before[1]


def test_what_one_of_them_started_counts_once() -> None:
    with subprocess.Popen(["sleep", "60"]) as child:
        own, commands = store.memory_mb(os.getpid())
        twice = store.memory_mb(os.getpid(), os.getpid())
        both = store.memory_mb(os.getpid(), child.pid)
        child.kill()
    assert 0 < commands < own, "what was started is a command of its own"
    assert twice[0] < 1.5 * own
    assert both[1] < commands, "and none where it is asked for by itself"


def test_a_process_that_is_over_has_no_figure() -> None:
    with subprocess.Popen(["true"]) as process:
        pass
    with pytest.raises(FileNotFoundError):
        store.ticks(process.pid)
