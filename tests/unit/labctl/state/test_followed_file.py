from __future__ import annotations

from pathlib import Path

import pytest

from labctl.state.followed_file import FollowedFile


@pytest.fixture
def file(tmp_path: Path) -> FollowedFile:
    (tmp_path / "shipped.json").write_text("{}\n")
    return FollowedFile(tmp_path / "lab" / "own.json", tmp_path / "shipped.json")


def test_until_a_lab_has_its_own_the_shipped_one_counts(file: FollowedFile) -> None:
    assert file.text() == "{}\n"
    assert not file.path.exists()


def test_a_lab_s_own_is_kept(file: FollowedFile) -> None:
    file.prepare()
    assert file.path.read_text() == "{}\n"
    file.write("[]\n")
    file.prepare()
    assert file.text() == "[]\n"


def test_services_may_read_it(file: FollowedFile) -> None:
    file.prepare()
    assert file.path.stat().st_mode & 0o777 == 0o644
