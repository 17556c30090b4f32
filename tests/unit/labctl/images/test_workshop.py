from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from labctl.base import paths
from labctl.base.errors import HostError
from labctl.images import workshop

BUILDS_FOR_EVER = """
import sys, time
from labctl.images import workshop
with workshop.folder() as made:
    (made / "app.py").write_text("a release")
    print(made, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(paths.STATE_DIR_VARIABLE, str(tmp_path / "state"))
    return paths.state_root()


@pytest.fixture
def builder() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", BUILDS_FOR_EVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def folder_of(builder: subprocess.Popen[str]) -> Path:
    assert builder.stdout
    return Path(builder.stdout.readline().strip())


def end(builder: subprocess.Popen[str]) -> None:
    builder.communicate()
    builder.wait()


def test_a_folder_is_its_owners_and_gone_afterwards(state: Path) -> None:
    with workshop.folder() as made:
        assert made.is_relative_to(state)
        assert made.stat().st_mode & 0o777 == 0o700
        (made / "app.py").write_text("")
    assert not made.exists()


def test_a_folder_is_gone_after_an_error_too() -> None:
    with pytest.raises(ZeroDivisionError), workshop.folder() as made:
        raise ZeroDivisionError
    assert not made.exists()


def test_what_a_killed_build_left_is_swept_by_the_next_command(builder: subprocess.Popen[str]) -> None:
    left = folder_of(builder)
    builder.send_signal(signal.SIGKILL)
    end(builder)
    assert (left / "app.py").exists()
    workshop.sweep()
    assert not left.exists()


def test_the_next_build_sweeps_as_well(builder: subprocess.Popen[str]) -> None:
    left = folder_of(builder)
    builder.kill()
    end(builder)
    with workshop.folder() as made:
        assert not left.exists()
        assert made.exists()


def test_a_build_that_runs_keeps_its_folder(builder: subprocess.Popen[str]) -> None:
    used = folder_of(builder)
    with workshop.folder() as own:
        workshop.sweep()
        assert own.is_dir()
    assert (used / "app.py").exists()
    end(builder)
    assert not used.exists()


def test_the_sources_that_an_older_labctl_kept_are_removed(state: Path) -> None:
    kept = state / "releases" / "payments-2.15.0-0123456789ab" / "services"
    kept.mkdir(parents=True)
    workshop.sweep()
    assert not (state / "releases").exists()


def test_where_nothing_was_built_a_sweep_makes_nothing(state: Path) -> None:
    workshop.sweep()
    assert list(state.iterdir()) == []


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(tempfile, "mkdtemp", full)
    with pytest.raises(HostError, match="No space left"), workshop.folder():
        pass
