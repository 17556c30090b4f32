from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base import paths
from labctl.base.errors import LabStateError, NotFoundError
from labctl.state import settings
from labctl.state.processor import ProcessorFile

SHIPPED = (paths.bundle_root() / "compose/config/acquirer.env").read_text()
KEYS = sorted(settings.parse(SHIPPED))


@pytest.fixture
def file(tmp_path: Path) -> ProcessorFile:
    return ProcessorFile(tmp_path / "processor" / "plan", SHIPPED)


def test_it_behaves_as_shipped_until_something_else_is_written(file: ProcessorFile) -> None:
    assert file.settings() == settings.parse(SHIPPED)
    file.write({"DETOUR_RATIO": "0.03"})
    assert file.settings() == {**settings.parse(SHIPPED), "DETOUR_RATIO": "0.03"}
    file.prepare()
    assert file.setting("DETOUR_RATIO") == "0.03"


def test_a_setting_that_it_does_not_have_gets_the_nearest(file: ProcessorFile) -> None:
    with pytest.raises(NotFoundError) as caught:
        file.setting("DETOURS")
    assert caught.value.near == "DETOUR_RATIO"


@given(st.dictionaries(st.sampled_from(KEYS), st.from_regex(r"[a-z0-9.,]{0,24}", fullmatch=True)))
def test_neither_size_nor_date_tells(tmp_path_factory: pytest.TempPathFactory, values: dict[str, str]) -> None:
    file = ProcessorFile(tmp_path_factory.mktemp("lab") / "processor" / "plan", SHIPPED)
    file.prepare()
    os.utime(file.path, (1_000, 1_000))
    before = file.path.stat()
    file.write(values)
    after = file.path.stat()
    assert (after.st_size, int(after.st_mtime)) == (before.st_size, 1_000)
    assert file.settings() == {**settings.parse(SHIPPED), **values}


@pytest.mark.parametrize("text", ["", "[]", "e30=", "no sealed text"])
def test_a_damaged_file_is_named(file: ProcessorFile, text: str) -> None:
    file.prepare()
    file.path.write_text(text)
    with pytest.raises(LabStateError, match="cannot be read"):
        file.settings()
