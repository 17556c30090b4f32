from __future__ import annotations

import os
from importlib import metadata
from pathlib import Path

import pytest

from labctl.operate import strangers


def put(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "labctl").write_text(text)
    (folder / "labctl").chmod(0o755)
    return folder / "labctl"


def test_a_program_of_that_name_which_is_not_ours_is_found(tmp_path: Path) -> None:
    ours = put(tmp_path / "ours", "#!/bin/python\nfrom labctl.__main__ import main\nmain()\n")
    theirs = put(tmp_path / "theirs", "#!/bin/sh\necho network labs\n")
    path = os.pathsep.join(str(each) for each in (ours.parent, theirs.parent, tmp_path / "nowhere", theirs.parent))
    assert strangers.programs(path) == [theirs]


def test_what_can_not_be_run_is_no_program(tmp_path: Path) -> None:
    put(tmp_path / "theirs", "text").chmod(0o644)
    assert strangers.programs(str(tmp_path / "theirs")) == []


def test_a_package_of_that_name_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    theirs = tmp_path / "labctl-7.1.dist-info"
    theirs.mkdir()
    (theirs / "METADATA").write_text("Metadata-Version: 2.1\nName: labctl\nVersion: 7.1\n")
    monkeypatch.setattr(metadata, "distribution", lambda _name: metadata.Distribution.at(theirs))
    assert strangers.packages() == ["labctl 7.1"]
