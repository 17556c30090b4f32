from __future__ import annotations

import stat
from pathlib import Path

import pytest

from labctl.base import paths
from labctl.state.store import LabStore


def test_state_lies_where_the_variable_says_and_only_its_owner_can_enter(state_dir: Path) -> None:
    assert paths.state_root() == state_dir
    for folder in (paths.state_root(), paths.labs_root(), paths.archive_dir()):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_relative_state_directory_is_taken_from_where_the_command_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LABCTL_STATE_DIR", "here")
    assert paths.state_root() == tmp_path / "here"


def test_without_the_variable_the_platform_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LABCTL_STATE_DIR")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert paths.state_root().is_relative_to(tmp_path)
    assert paths.state_root().name == "labctl"


def test_labs_are_the_folders_with_a_database(state_dir: Path) -> None:
    for name in ("red", "blue"):
        folder = paths.lab_dir(name)
        folder.mkdir()
        LabStore(folder).prepare()
    paths.lab_dir("no-database").mkdir()
    (paths.labs_root() / "stray").write_text("")
    assert paths.lab_names() == ["blue", "red"]


def test_the_bundle_of_a_checkout_is_its_root() -> None:
    assert (paths.bundle_root() / "compose").is_dir()
    assert (paths.bundle_root() / "services").is_dir()
