"""scripts/test.sh: the fast tests and those on a real lab run side by side, and either of them decides."""

import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from labctl.base.waiting import wait_until

ROOT = Path(__file__).resolve().parents[3]

Run = Callable[..., subprocess.CompletedProcess[str]]
BEGINS = 'touch "$here/lab-runs"'
LAB_RUNS = 'while [ ! -e "$here/lab-runs" ]; do sleep 0.05; done'
"""Waits until the tests on the lab have begun."""
UNTIL_INTERRUPTED = f'trap "touch $here/down; exit 130" INT; {BEGINS}; while true; do sleep 0.05; done'
"""Tests on a lab that go on until they are interrupted, and then take it down."""
COMMAND = ("bash", "scripts/test.sh")


def stand_ins(folder: Path, *, fast: str, lab: str, setup: str = "true") -> None:
    """Let these scripts be the fast tests, those on a lab, and `labctl setup`."""
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    (folder / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "test.sh", folder / "scripts")
    python = f'case "$*" in *"not lab"*) {fast} ;; *) {lab} ;; esac'
    for name, script in (("python", python), ("labctl", setup)):
        (programs / name).write_text(f"#!/bin/bash\nhere={folder}\n{script}\n")
        (programs / name).chmod(0o755)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the script with stand-ins."""

    def with_stand_ins(**scripts: str) -> subprocess.CompletedProcess[str]:
        stand_ins(tmp_path, **scripts)
        return subprocess.run(COMMAND, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)

    return with_stand_ins


def test_both_are_shown_one_after_the_other_though_they_run_side_by_side(run: Run) -> None:
    done = run(fast=f"{LAB_RUNS}; echo fast passed", lab=f"{BEGINS}; echo lab passed")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "fast passed\nlab passed\n"


def test_a_fast_test_that_fails_ends_the_run_and_the_lab_is_taken_down(run: Run, tmp_path: Path) -> None:
    done = run(fast=f"{LAB_RUNS}; echo one failed; exit 1", lab=UNTIL_INTERRUPTED)
    assert done.returncode == 1
    assert done.stdout == "one failed\n"
    assert (tmp_path / "down").exists()


def test_a_test_on_the_lab_that_fails_fails_the_run(run: Run) -> None:
    done = run(fast="echo fast passed", lab="echo one failed; exit 1")
    assert done.returncode == 1
    assert done.stdout == "fast passed\none failed\n"


def test_a_set_up_that_fails_says_why_and_no_lab_is_used(run: Run, tmp_path: Path) -> None:
    done = run(fast="sleep 30", lab=BEGINS, setup="echo no Docker here >&2; exit 1")
    assert done.returncode == 1
    assert "no Docker here" in done.stderr
    assert not (tmp_path / "lab-runs").exists()


def test_ctrl_c_takes_the_lab_down(tmp_path: Path) -> None:
    stand_ins(tmp_path, fast="sleep 30", lab=UNTIL_INTERRUPTED)
    # What a shell runs in the background ignores SIGINT, and so would all that it starts.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        script = subprocess.Popen(COMMAND, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    finally:
        signal.signal(signal.SIGINT, before)
    wait_until((tmp_path / "lab-runs").exists, what="the tests on the lab", timeout=30)
    script.send_signal(signal.SIGINT)
    assert script.wait(timeout=30) == 130
    assert (tmp_path / "down").exists()
