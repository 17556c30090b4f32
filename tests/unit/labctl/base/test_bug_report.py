from __future__ import annotations

import stat
from pathlib import Path

import pytest

from labctl.base import bug_report
from labctl.base.errors import EXIT_BUG


def a_bug() -> Exception:
    with pytest.raises(ValueError, match="impossible") as caught:
        int("impossible")
    return caught.value


def test_the_report_has_versions_the_command_and_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["labctl", "up", "--rps", "5"])
    text = bug_report.describe(a_bug())
    assert "labctl 0." in text
    assert "Python 3." in text
    assert "command: up --rps 5" in text
    assert "ValueError: invalid literal" in text
    assert "in a_bug" in text


def test_it_is_written_where_only_its_owner_reads_it_and_the_error_says_where(state_dir: Path) -> None:
    problem = bug_report.write(a_bug())
    (report,) = (state_dir / "reports").iterdir()
    assert str(report) in problem.todo
    assert "ValueError: invalid literal" in problem.what
    assert problem.exit_code == EXIT_BUG
    assert stat.S_IMODE(report.stat().st_mode) == 0o600


def test_where_it_cannot_be_written_it_is_in_the_error(state_dir: Path) -> None:
    state_dir.mkdir()
    (state_dir / "reports").write_text("a file in the way")
    assert "in a_bug" in bug_report.write(a_bug()).todo


def test_nor_when_there_is_no_state_folder_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LABCTL_STATE_DIR", str(tmp_path / "file" / "state"))
    assert "in a_bug" in bug_report.write(a_bug()).todo
