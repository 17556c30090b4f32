from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

from labctl.base.errors import HostError
from labctl.base.waiting import wait_until
from labctl.lab.lab import Lab
from labctl.operate import background
from labctl.state.script import Script
from tests.support.fake_lab import make_lab

START = background.start
"""The real one: in the tests it is another (conftest.py)."""
HOLDER = """
import sys, time
from labctl.operate import background
with background.only_one(sys.argv[1]) as alone:
    print(alone, flush=True)
    time.sleep(60 if alone else 0)
"""


def start(name: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER, name], stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    with process.stdout:
        return process.stdout.readline().strip()


def test_there_is_one_for_a_lab_and_it_can_be_ended() -> None:
    assert background.running("lab") is None
    first = start("lab")
    assert said(first) == "True"
    second = start("lab")
    assert said(second) == "False"
    assert second.wait(30) == 0
    found = background.running("lab")
    assert found is not None
    assert found.pid == first.pid
    assert background.running("other") is None
    background.stop("lab")
    assert first.wait(30) < 0
    assert background.running("lab") is None


def test_it_outlives_who_starts_it() -> None:
    START("gone")  # a warning that its end is not waited for would be an error here
    gc.collect()


def test_one_that_was_killed_is_known_to_be_gone() -> None:
    process = start("lab")
    assert said(process) == "True"
    process.kill()
    process.wait(30)
    wait_until(lambda: background.running("lab") is None, what="its end", timeout=10)


def test_nobody_else_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[int] = []
    monkeypatch.setattr(os, "killpg", lambda pid, _signal: killed.append(pid))
    with background.only_one("lab"):
        background._who("lab", background.DIRECTOR).write_text('{"pid": 1, "started": "not then"}')
        background.stop("lab")
        background.stop("lab")  # no file: it may be just starting
    assert killed == []


def test_it_is_started_where_colleagues_work_and_none_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_director: list[str]
) -> None:
    lab, _ = make_lab("lab", tmp_path, monkeypatch)
    background.ensure(lab)
    lab.store.script.write(Script(1, playing=False))
    background.ensure(lab)
    assert no_director == []
    lab.store.script.write(Script(1))
    background.ensure(lab)
    with background.only_one("lab"):
        background.ensure(lab)
    assert no_director == ["lab"]


def test_a_host_that_refuses_keeps_nobody_from_looking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_director: list[str]
) -> None:
    lab, _ = make_lab("lab", tmp_path, monkeypatch)
    lab.store.script.write(Script(1))
    background._lock("lab", background.DIRECTOR).mkdir()
    with pytest.raises(HostError):
        background.running("lab")
    background.ensure(lab)
    assert no_director == []


def test_a_lab_that_is_not_there_needs_none(no_director: list[str]) -> None:
    background.ensure(Lab("gone"))
    assert no_director == []


def test_a_room_is_started_where_it_was_opened_and_ended_beside_the_director(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_director: list[str]
) -> None:
    lab, _ = make_lab("lab", tmp_path, monkeypatch)
    lab.store.room.open(21005)
    background.ensure(lab)
    with background.only_one("lab", background.ROOM):
        background.ensure(lab)
        assert background.running("lab") is None
        assert background.running("lab", background.ROOM) is not None
    lab.store.room.close()
    background.ensure(lab)
    assert no_director == ["lab room"]


def test_each_kind_is_ended_apart_and_all_together() -> None:
    kinds = {kind.name: HOLDER.replace("sys.argv[1]", f"sys.argv[1], background.{kind.name.upper()}")
             for kind in background.KINDS}  # fmt: skip
    processes = {
        name: subprocess.Popen(
            [sys.executable, "-c", code, "lab"], stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        for name, code in kinds.items()
    }
    assert [said(each) for each in processes.values()] == ["True"] * len(kinds)
    background.stop("lab", background.ROOM)
    assert processes["room"].wait(30) < 0
    assert background.running("lab") is not None
    background.stop("lab")
    assert processes["director"].wait(30) < 0
    assert processes["errand"].wait(30) < 0
