from __future__ import annotations

import json
from pathlib import Path

import pytest

from labctl.base import paths
from labctl.base.errors import LabStateError, NotFoundError
from labctl.model.cadence import Cadence
from labctl.state.fog import FogFile

SHIPPED = paths.bundle_root() / "compose" / "config" / "fog.json"


@pytest.fixture
def file(tmp_path: Path) -> FogFile:
    return FogFile(tmp_path / "fog" / "fog.json", SHIPPED)


def test_a_lab_begins_clear(file: FogFile) -> None:
    assert file.level == "clear"
    assert file.cadence == Cadence()
    file.prepare()
    assert file.path.read_text() == SHIPPED.read_text()
    assert file.path.stat().st_mode & 0o777 == 0o644, "telemetry runs as somebody else"


def test_another_level_changes_one_word(file: FogFile) -> None:
    file.write(file.with_level("dense"))
    assert file.level == "dense"
    assert file.cadence == Cadence(15, 10)
    assert len(set(file.text().splitlines()) - set(SHIPPED.read_text().splitlines())) == 1
    file.write(file.with_level("clear"))
    assert file.text() == SHIPPED.read_text()


def test_a_level_that_is_not_there_is_refused_with_the_nearest(file: FogFile) -> None:
    with pytest.raises(NotFoundError, match="hazi") as caught:
        file.with_level("hazi")
    assert "hazy" in f"{caught.value.expected} {caught.value.todo}"


@pytest.mark.parametrize("text", ["", "[]", '{"level": "hazy"}', '{"level": "hazy", "levels": {}}'])
def test_a_damaged_file_is_an_error_that_says_what_to_do(file: FogFile, text: str) -> None:
    file.write(text)
    with pytest.raises(LabStateError, match="cannot be read"):
        _ = file.level


def test_a_file_of_another_form_is_not_half_written(file: FogFile) -> None:
    file.write(json.dumps(json.loads(SHIPPED.read_text()), separators=(",", ":")))
    with pytest.raises(LabStateError, match="another form") as caught:
        file.with_level("hazy")
    assert "remove it" in caught.value.todo
    assert file.with_level("clear") == file.text()


def test_the_cadence_of_a_level_that_is_not_in_force(file: FogFile) -> None:
    assert (file.cadence_of("dense"), file.cadence_of("clear")) == (Cadence(15, 10), Cadence())
    assert file.level == "clear"
    with pytest.raises(NotFoundError, match="hazi"):
        file.cadence_of("hazi")
