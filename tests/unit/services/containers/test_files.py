from __future__ import annotations

from pathlib import Path

import pytest

from services.containers.files import MOST_BYTES, read, read_numbers


def test_the_whole_text(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x" * (2 * MOST_BYTES + 1))
    assert read(str(file)) == "x" * (2 * MOST_BYTES + 1)


def test_numbers_by_name(tmp_path: Path) -> None:
    file = tmp_path / "cpu.stat"
    file.write_text("nr_periods 5\nquota -1\nthree words here\nname text\n\n")
    assert read_numbers(str(file)) == {"nr_periods": 5, "quota": -1}


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="missing"):
        read(str(tmp_path / "missing"))
