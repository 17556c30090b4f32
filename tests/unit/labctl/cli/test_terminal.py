from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from labctl.base import progress
from labctl.base.errors import HostError
from labctl.cli import console
from labctl.cli.terminal import Terminal


@pytest.fixture(autouse=True)
def _shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for variable in ("COLUMNS", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(variable, raising=False)
    with progress.listening(Terminal()):
        yield


def test_steps_are_plain_lines_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "QUIET_S", 0.0)
    with progress.step("images") as step:
        step.update("building risk")
        step.note("risk: built in 1.0 s")
    err = capsys.readouterr().err.splitlines()
    assert err[0] == "images …"
    assert err[1].startswith("  building risk (0.")
    assert err[2] == "  risk: built in 1.0 s"
    assert err[3].startswith("images: done in 0.")


def test_frequent_progress_is_not_printed_line_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.step("waiting") as step:
        for number in range(100):
            step.update(str(number))
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_a_step_that_fails_is_not_said_to_be_done(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(HostError), progress.step("images"):
        raise HostError("no disk")
    assert capsys.readouterr().err == "images …\n"


def test_on_a_terminal_steps_move_and_end_with_their_time(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with progress.step("images") as step:
        threads = [threading.Thread(target=step.update, args=(f"[{number}]",)) for number in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        step.note("risk [built]")
    err = capsys.readouterr().err
    assert "risk [built]" in err
    assert "✓" in err
    assert "\x1b[" in err


def test_a_warning_stands_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    progress.warn("port 80 is taken")
    assert capsys.readouterr().err == "warning: port 80 is taken\n"
