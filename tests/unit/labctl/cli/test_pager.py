from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from labctl.cli import console, pager

ASK = "from labctl.cli import pager; import sys; sys.stderr.write(str(pager.reads_the_answer()))"


@pytest.fixture
def less(tmp_path: Path) -> Iterator[None]:
    """A program called less that is at work in this process's group."""
    program = tmp_path / "less"
    program.symlink_to(str(shutil.which("sleep")))
    with subprocess.Popen([program, "60"]) as running:
        yield
        running.kill()


def answer(stdout: int) -> str:
    done = subprocess.run([sys.executable, "-c", ASK], stdout=stdout, stderr=subprocess.PIPE, text=True, check=True)
    return done.stderr


def test_a_pager_in_the_same_pipeline_is_seen(less: None) -> None:
    del less
    assert answer(subprocess.PIPE) == "True"


def test_an_answer_that_goes_elsewhere_is_not_for_it(less: None) -> None:
    del less
    assert answer(subprocess.DEVNULL) == "False"


def test_other_programs_are_no_pagers() -> None:
    assert answer(subprocess.PIPE) == "False"


def test_a_pager_of_another_pipeline_does_not_count(tmp_path: Path) -> None:
    program = tmp_path / "less"
    program.symlink_to(str(shutil.which("sleep")))
    with subprocess.Popen([program, "60"], start_new_session=True) as running:
        assert answer(subprocess.PIPE) == "False"
        running.kill()


@pytest.mark.parametrize(
    ("reads", "terminal", "said"), [(True, True, ""), (True, False, "hint\n"), (False, True, "hint\n")]
)
def test_hints_stay_off_a_pager_s_screen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, reads: bool, terminal: bool, said: str
) -> None:
    monkeypatch.setattr(pager, "reads_the_answer", lambda: reads)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    console.note("hint")
    assert capsys.readouterr().err == said
    console.ask("question")
    assert capsys.readouterr().err == "question\n"
