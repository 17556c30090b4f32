from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from labctl.base.errors import EXIT_ERROR, EXIT_OK
from labctl.lab.lab import Lab
from labctl.play.director.__main__ import main
from labctl.state.script import Script


def run(*words: str) -> int:
    command = [sys.executable, "-m", "labctl.play.director", *words]
    return subprocess.run(command, check=False, timeout=60, cwd=Path(__file__).parents[5]).returncode


def test_a_lab_that_is_gone_needs_no_director_and_has_no_step() -> None:
    assert run("gone") == EXIT_OK
    assert run("gone", "step") == EXIT_ERROR


def test_a_step_is_one_step(lab: Lab) -> None:
    main("lab", "step")
    script = lab.store.script.read()
    assert script is not None
    assert script.next == 1


def test_the_loop_ends_where_nobody_works(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.store.script.write(Script(7, playing=False))
    main("lab")
