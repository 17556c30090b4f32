from __future__ import annotations

from pathlib import Path

import pytest

from services.common.watched_file import WatchedFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "number.txt"


def write(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    fresh.replace(path)


def test_it_is_parsed_again_only_when_it_was_replaced(path: Path) -> None:
    parsed: list[str] = []

    def parse(text: str) -> int:
        parsed.append(text)
        return int(text)

    file = WatchedFile(path, parse, 0)
    write(path, "1")
    assert [file.read(), file.read()] == [1, 1]
    write(path, "2")
    assert (file.read(), parsed) == (2, ["1", "2"])


def test_without_a_good_one_the_last_good_one_holds_and_the_reason_is_said_once(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = WatchedFile(path, int, 7)
    assert [file.read(), file.read()] == [7, 7]
    write(path, "1")
    assert file.read() == 1
    write(path, "one")
    assert [file.read(), file.read()] == [1, 1]
    assert [record.message.partition(":")[0] for record in caplog.records] == [f"cannot read {path}"] * 2
