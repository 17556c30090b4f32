from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from labctl.base.errors import HostError
from labctl.base.private_files import make_private_dir, touch_private, write_private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_and_folders_are_their_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        folder = make_private_dir(tmp_path / "a" / "b")
        write_private(folder / "text", "secret")
        touch_private(folder / "empty")
    finally:
        os.umask(before)
    assert (mode(folder), mode(folder / "text"), mode(folder / "empty")) == (0o700, 0o600, 0o600)


def test_writing_replaces_the_whole_text_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    write_private(tmp_path / "file", "a long text")
    write_private(tmp_path / "file", "short")
    assert (tmp_path / "file").read_text() == "short"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_touching_keeps_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    assert touch_private(tmp_path / "file").read_text() == "kept"


def test_a_folder_where_a_file_lies_is_the_hosts_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HostError, match="cannot write") as caught:
        make_private_dir(tmp_path / "file" / "folder")
    assert "LABCTL_STATE_DIR" in caught.value.todo


def test_a_missing_folder_is_the_hosts_error(tmp_path: Path) -> None:
    with pytest.raises(HostError):
        write_private(tmp_path / "missing" / "file", "")
    with pytest.raises(HostError):
        touch_private(tmp_path / "missing" / "file")


def test_a_full_disk_is_the_hosts_error_and_keeps_the_old_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_private(tmp_path / "file", "old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(HostError, match="No space left"):
        write_private(tmp_path / "file", "new")
    assert (tmp_path / "file").read_text() == "old"
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["file"]
