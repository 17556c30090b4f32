from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

from labctl.state import credentials, lab_env
from tests.support.fake_lab import make_record


def test_compose_gets_ports_load_address_releases_and_passwords(tmp_path: Path) -> None:
    values = lab_env.settings(make_record(), tmp_path, {"payments": "2.15.0"})
    assert values["LAB_DIR"] == str(tmp_path)
    assert values["BIND_ADDRESS"] == "127.0.0.1"
    assert (values["TARGET_RPS"], values["LOAD_SEED"]) == ("20", "1")
    assert (values["GATEWAY_PORT"], values["GRAFANA_PORT"]) == ("20000", "20004")
    assert values["PAYMENTS_VERSION"] == "2.15.0"
    assert set(credentials.VARIABLES) <= set(values)


def test_passwords_survive_and_the_rest_follows_the_record(tmp_path: Path) -> None:
    first = lab_env.settings(make_record(), tmp_path, {})
    lab_env.write(tmp_path, first)
    second = lab_env.settings(replace(make_record(), rps=7.5), tmp_path, {})
    assert second == {**first, "TARGET_RPS": "7.5"}


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    assert lab_env.read(tmp_path) == {}
    lab_env.write(tmp_path, {"A": "1"})
    assert lab_env.read(tmp_path) == {"A": "1"}
    assert stat.S_IMODE((tmp_path / lab_env.FILE_NAME).stat().st_mode) == 0o600
