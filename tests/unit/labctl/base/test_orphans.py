from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from labctl.base import orphans
from labctl.base.errors import LabStateError
from labctl.base.waiting import wait_until
from labctl.state.locking import locked

# A command that starts docker, here any program of that name, and says so.
COMMAND = (
    "import sys\n"
    "from labctl.docker.docker import invoke\n"
    "from labctl.state.locking import locked\n"
    "with locked('lab', 'break'):\n"
    "    invoke([sys.argv[1], sys.argv[2]], timeout=60)\n"
)
PROGRAM = '#!/bin/sh\necho "$$" > "$1.new"\nmv "$1.new" "$1"\nexec sleep 60\n'


@contextmanager
def killed_while_it_ran(tmp_path: Path, program: str) -> Iterator[int]:
    """Yield the process number of what a killed command had started."""
    binary, started = tmp_path / program, tmp_path / "started"
    binary.write_text(PROGRAM)
    binary.chmod(0o755)
    with subprocess.Popen([sys.executable, "-c", COMMAND, str(binary), str(started)]) as process:
        wait_until(started.exists, what="the program", timeout=30)
        process.kill()
    orphan = int(started.read_text())
    try:
        yield orphan
    finally:
        os.kill(orphan, signal.SIGKILL)


def take() -> None:
    with locked("lab", "heal"):
        pass


def test_the_next_command_waits_for_what_a_killed_one_had_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orphans, "PATIENCE_S", 0.1)
    with killed_while_it_ran(tmp_path, "docker"), pytest.raises(LabStateError, match="had started has been going on"):
        take()
    monkeypatch.setattr(orphans, "PATIENCE_S", 30.0)
    take()


def test_a_daemon_that_was_started_does_not_keep_the_lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orphans, "PATIENCE_S", 0.1)
    with killed_while_it_ran(tmp_path, "dockerd") as daemon:
        take()
        assert Path(f"/proc/{daemon}").exists()


def test_nothing_is_inherited_once_the_lab_is_free() -> None:
    with locked("lab", "verify"):
        assert len(orphans.inherited()) == 1
    assert orphans.inherited() == ()
