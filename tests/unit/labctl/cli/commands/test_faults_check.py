from pathlib import Path

import pytest
import typer

from labctl.cli.commands.faults_check import check


def test_what_a_file_says_can_not_colour_the_terminal_and_stays_on_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own_fault.py").write_text(f'raise ValueError("a\\x1b[31mred\\nsecond {"word " * 60}")')
    with pytest.raises(typer.Exit):
        check(tmp_path)
    first, *_ = out = capsys.readouterr().out.splitlines()
    assert "\x1b" not in first
    assert first.endswith("word ")
    assert out[-1] == "1 problem in 1 file"
