"""Whatever somebody is just writing may be broken: what mends a lab, or looks at one, never needs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from labctl.base.errors import EXIT_ERROR
from labctl.base.paths import bundle_root
from labctl.lab.lab import Lab
from tests.support.fake_daemon import FakeDaemon
from tests.support.fake_lab import make_record

COPIED = ("labctl", "faults", "services")
LEFT_OUT = shutil.ignore_patterns("__pycache__")
DOCKER = """#!/bin/sh
case "$*" in
  *Version*|*version*) echo 2.26.1 ;;
esac
"""
ENDS = {"status": 0, "heal": EXIT_ERROR, "doctor": None, "down": 0}
"""How each command ends: the lab has no telemetry, so that it is not healthy; of doctor that is the host's business."""


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def spoil_fault(tree: Path) -> None:
    append(tree / "faults" / "whale_merchant.py", "1 +\n")


def spoil_list(tree: Path) -> None:
    append(tree / "faults" / "__init__.py", "raise SystemExit\n")


def spoil_what_faults_share(tree: Path) -> None:
    append(tree / "faults" / "probes.py", "1 / 0\n")


def spoil_release(tree: Path) -> None:
    (tree / "services" / "releases" / "risk" / "latest.patch").write_text("no patch")


def spoil_own_catalogue(tree: Path) -> None:
    own = tree / "own"
    own.mkdir()
    (own / "own_fault.py").write_text("import nowhere_at_all\n")
    (own / "releases").write_text("no folder")


SPOILED = [spoil_fault, spoil_list, spoil_what_faults_share, spoil_release, spoil_own_catalogue]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The code in a folder of its own, beside a lab that was set up, and a docker that has nothing."""
    for each in bundle_root().iterdir():
        if each.name in COPIED:
            shutil.copytree(each, tmp_path / each.name, ignore=LEFT_OUT)
        elif not each.name.startswith("."):
            (tmp_path / each.name).symlink_to(each)
    lab = Lab("lab")
    lab.folder.mkdir(parents=True)
    lab.store.prepare()
    lab.store.save(make_record())
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "docker").write_text(DOCKER)
    (tmp_path / "bin" / "docker").chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("spoil", SPOILED, ids=lambda spoil: spoil.__name__.removeprefix("spoil_"))
def test_looking_mending_and_taking_down_need_no_file_that_may_be_spoiled(
    tree: Path, spoil: Callable[[Path], None], fake_daemon: FakeDaemon
) -> None:
    spoil(tree)
    path = f"{tree / 'bin'}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "LABCTL_CATALOGUE": str(tree / "own")}
    for command, code in ENDS.items():
        done = subprocess.run(
            [sys.executable, "-m", "labctl", command], cwd=tree, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == code or (code is None and done.returncode in (0, EXIT_ERROR)), done.stderr
        assert "Traceback" not in done.stderr
        assert "whale" not in done.stdout + done.stderr
    assert fake_daemon.requests
