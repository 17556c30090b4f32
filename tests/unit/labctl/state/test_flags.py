from __future__ import annotations

import json
from pathlib import Path

import pytest

from labctl.base import paths
from labctl.base.errors import LabStateError, NotFoundError
from labctl.model.services import SERVICES
from labctl.state.flags import FlagFile

SHIPPED = paths.bundle_root() / "compose" / "config" / "flags.json"


@pytest.fixture
def file(tmp_path: Path) -> FlagFile:
    return FlagFile(tmp_path / "flags" / "flags.json", SHIPPED)


def test_a_lab_begins_with_what_is_shipped(file: FlagFile) -> None:
    assert file.text() == SHIPPED.read_text()
    file.prepare()
    assert file.path.read_text() == SHIPPED.read_text()
    assert file.path.stat().st_mode & 0o777 == 0o644, "services run as somebody else"


def test_every_flag_has_an_owner_and_says_what_it_is_for(file: FlagFile) -> None:
    for flag in file.flags().values():
        assert flag.owner in SERVICES
        assert flag.description
        assert flag.variant in flag.variants


def test_only_what_is_switched_is_another(file: FlagFile) -> None:
    file.prepare()
    file.write(file.switched({"close-look": "off"}))
    assert file.flag("close-look").variant == "off"
    assert file.flag("issuer-signals").variant == "on"
    file.prepare()
    assert file.flag("close-look").variant == "off", "what is there stays"
    assert json.loads(file.switched({"close-look": "on"})) == json.loads(SHIPPED.read_text())


def test_names_that_it_does_not_have(file: FlagFile) -> None:
    with pytest.raises(NotFoundError, match="feature flag"):
        file.switched({"closelook": "off"})
    with pytest.raises(NotFoundError, match="variant of close-look"):
        file.switched({"close-look": "of"})


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"flags": {"a": {}}}', '{"flags": [1]}'])
def test_a_damaged_file_is_named(file: FlagFile, text: str) -> None:
    file.write(text)
    with pytest.raises(LabStateError, match="cannot be read"):
        file.flags()
