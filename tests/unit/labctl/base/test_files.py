from pathlib import Path

import pytest

from labctl.base.errors import HostError
from labctl.base.files import write_text


def test_writes_over_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_text("a much longer old text")
    write_text(path, "ü\n")
    assert path.read_bytes() == "ü\n".encode()


def test_says_what_the_host_refused(tmp_path: Path) -> None:
    with pytest.raises(HostError, match=r"cannot write .*: No such file or directory") as caught:
        write_text(tmp_path / "missing" / "record.json", "")
    assert caught.value.todo


def test_what_can_not_be_written_whole_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "record.json"
    write_text(path, "the one before")
    write = Path.write_text

    def full(where: Path, text: str, **options: str) -> int:
        write(where, text[:3], **options)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(HostError, match="No space left on device"):
        write_text(path, "the new one")
    assert path.read_text() == "the one before"
    assert [each.name for each in tmp_path.iterdir()] == ["record.json"]


def test_a_link_stays_one_and_what_is_no_file_is_written_to(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "record.json")
    write_text(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "record.json").read_text() == "new"
    write_text(Path("/dev/null"), "new")
    assert Path("/dev/null").is_char_device()
