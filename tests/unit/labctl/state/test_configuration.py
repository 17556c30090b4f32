from __future__ import annotations

from pathlib import Path

import pytest

from labctl.base.errors import NotFoundError
from labctl.state.configuration import Configuration


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    defaults = tmp_path / "defaults"
    defaults.mkdir()
    (defaults / "risk.env").write_text("TTL=3600\n")
    (defaults / "payments.env").write_text("POOL=8\n")
    made = Configuration(tmp_path / "config", defaults)
    made.prepare()
    return made


def test_a_lab_begins_with_the_shipped_files(configuration: Configuration) -> None:
    assert configuration.services() == ["payments", "risk"]
    assert configuration.text("risk") == configuration.shipped("risk") == "TTL=3600\n"
    assert (configuration.folder / "risk.env").stat().st_mode & 0o777 == 0o600


def test_preparing_again_keeps_the_labs_own_values(configuration: Configuration) -> None:
    configuration.write("risk", "TTL=5\n")
    (configuration.folder / "payments.env").unlink()
    configuration.prepare()
    assert configuration.settings("risk") == {"TTL": "5"}
    assert configuration.settings("payments") == {"POOL": "8"}
    assert configuration.shipped("risk") == "TTL=3600\n"


def test_a_file_that_is_gone_reads_as_shipped(configuration: Configuration) -> None:
    (configuration.folder / "risk.env").unlink()
    assert configuration.settings("risk") == {"TTL": "3600"}


def test_unknown_services_get_the_nearest_name(configuration: Configuration) -> None:
    for ask in (configuration.text, configuration.shipped, configuration.settings):
        with pytest.raises(NotFoundError, match="rsk") as caught:
            ask("rsk")
        assert caught.value.near == "risk"
    with pytest.raises(NotFoundError):
        configuration.write("../escape", "X=1\n")
