from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from labctl.base.file_lock import FileLock
from labctl.base.waiting import wait_until

HOLDER = """
import sys, time
from pathlib import Path
from labctl.base.file_lock import FileLock
FileLock(Path(sys.argv[1])).acquire()
print("held", flush=True)
time.sleep(60)
"""


def test_one_at_a_time_has_it(tmp_path: Path) -> None:
    first, second = (FileLock(tmp_path / "x") for _ in range(2))
    with first:
        with pytest.raises(TimeoutError, match="the lock x"):
            second.acquire()
        second.release()  # without it, nothing happens
        with pytest.raises(TimeoutError):
            second.acquire()
    second.acquire()
    second.release()


def test_only_its_owner_can_open_the_file(tmp_path: Path) -> None:
    with FileLock(tmp_path / "x"):
        assert (tmp_path / "x").stat().st_mode & 0o777 == 0o600


def test_it_is_waited_for(tmp_path: Path) -> None:
    with FileLock(tmp_path / "x"):
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            FileLock(tmp_path / "x", timeout=0.2).acquire()
    assert time.monotonic() - began >= 0.2


def test_a_file_that_can_t_be_made_is_no_lock_that_is_held(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FileLock(tmp_path / "missing" / "x").acquire()


def test_whoever_is_killed_gives_it_back(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with subprocess.Popen([sys.executable, "-c", HOLDER, path], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(TimeoutError):
            FileLock(path).acquire()
        holder.kill()
    wait_until(lambda: _free(path), what="the lock", timeout=10)


def _free(path: Path) -> bool:
    try:
        with FileLock(path):
            return True
    except TimeoutError:
        return False
