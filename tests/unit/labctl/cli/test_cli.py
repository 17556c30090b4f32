from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from labctl import __version__
from labctl.base.errors import (
    EXIT_BUG,
    EXIT_ERROR,
    EXIT_INTERRUPTED,
    EXIT_READER_GONE,
    EXIT_USAGE,
    CancelledError,
    HealError,
    InputError,
)
from labctl.cli import cli, main


def run(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "labctl", *args]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **env})


def ending(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int:
    def program() -> None:
        raise error

    monkeypatch.setattr(main, "program", lambda: program)
    with pytest.raises(SystemExit) as caught:
        main.main()
    return int(caught.value.code or 0)


def test_every_command_is_named_once_documented_and_in_a_panel() -> None:
    assert len({row.name for row in cli.COMMANDS}) == len(cli.COMMANDS)
    assert {row.panel for row in cli.COMMANDS} <= {cli.LAB, cli.INCIDENT, cli.INVESTIGATE, cli.CATALOGUE}
    for row in (*cli.COMMANDS, *cli.FAULTS, *cli.MITIGATE):
        listed, loaded = row.stub(), row.load()
        assert listed.get_short_help_str(200) == loaded.get_short_help_str(200) != "", row.name
        assert listed.rich_help_panel == loaded.rich_help_panel == row.panel


def test_help_and_version_import_no_command() -> None:
    shown = "import sys; from labctl.cli.main import main; sys.argv = ['labctl', sys.argv[1]]\ntry: main()\nfinally: "
    shown += "print(*[name for name in sys.modules if name.startswith(('labctl.cli.commands.', 'labctl.lab'))])"
    for word in ("--help", "--version"):
        done = subprocess.run([sys.executable, "-c", shown, word], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == ""


def test_help_lists_the_commands_and_the_version_is_ours() -> None:
    done = run("--help", COLUMNS="200", NO_COLOR="1")
    assert done.returncode == 0
    for row in cli.COMMANDS:
        assert f" {row.name} " in done.stdout
    assert " faults " in done.stdout
    assert run("--version").stdout == f"labctl {__version__}\n"


USAGE = (
    ("fauls",),
    ("up", "--rps", "many"),
    ("up", "--rps", "0"),
    ("up", "--rps", "201"),
    ("up", "--bind", "nowhere"),
    ("up", "--seed", "-1"),
    ("up", "--name", "Not A Name"),
    ("status", "--name", ""),
    ("status", "--unknown"),
    ("down", "extra"),
    ("verify", "--all", "--soak", "nan"),
    ("verify", "--all", "--budget", "nan"),
    ("faults", "check", "--catalogue", ""),
)


@pytest.mark.parametrize("args", USAGE, ids=" ".join)
def test_what_cannot_be_meant_is_a_usage_error_without_a_traceback(args: tuple[str, ...]) -> None:
    done = run(*args)
    assert done.returncode == EXIT_USAGE
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert "expected: " in done.stderr or "to do: " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["status", "heal", "page", "debrief", "break"])
def test_a_lab_that_does_not_exist_is_an_error_that_says_what_to_do(command: str) -> None:
    done = run(command, "--name", "nowhere")
    assert done.returncode == EXIT_ERROR
    assert done.stderr.startswith("error: no lab named 'nowhere'\n")
    assert "start it: labctl up" in done.stderr


def test_the_name_may_come_from_the_environment() -> None:
    assert "no lab named 'blue'" in run("status", LABCTL_NAME="blue").stderr


def test_an_empty_catalogue_in_the_environment_is_none() -> None:
    assert run("faults", "list", LABCTL_CATALOGUE="").returncode == 0


def test_errors_of_ours_end_with_their_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ending(monkeypatch, HealError("still broken")) == EXIT_ERROR
    assert ending(monkeypatch, InputError("no such word")) == EXIT_USAGE
    assert capsys.readouterr().err == "error: still broken\nerror: no such word\n"


def test_ctrl_c_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ending(monkeypatch, KeyboardInterrupt()) == EXIT_INTERRUPTED


def test_ctrl_c_after_which_all_was_taken_back_says_that_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ending(monkeypatch, CancelledError("nothing is broken any more")) == EXIT_INTERRUPTED
    assert capsys.readouterr().err == "interrupted: nothing is broken any more\n"


def test_ctrl_c_in_a_command_says_so(tmp_path: Path) -> None:
    (tmp_path / "a_fault.py").write_text("raise KeyboardInterrupt")
    done = run("faults", "check", "--catalogue", str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (EXIT_INTERRUPTED, "", "interrupted\n")


def test_anything_else_is_a_bug_with_a_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ending(monkeypatch, ZeroDivisionError("oops")) == EXIT_BUG
    err = capsys.readouterr().err
    assert "this is a bug in labctl: ZeroDivisionError: oops" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("words", ["faults --json", "faults", "--help", "faults --help"])
def test_a_reader_that_went_away_is_no_failure_and_no_bug(words: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        command = [sys.executable, "-m", "labctl", *words.split()]
        done = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == EXIT_READER_GONE


def test_faults_lists_when_no_command_is_named() -> None:
    listed = run("faults").stdout
    assert "labctl break --track TRACK" in listed
    assert run("faults", "list").stdout == listed
    assert run("faults", "lst").returncode == EXIT_USAGE
