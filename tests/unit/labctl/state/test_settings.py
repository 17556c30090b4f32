from __future__ import annotations

import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import NotFoundError
from labctl.model.deployed import Deployed
from labctl.state import settings
from labctl.state.settings import PASSWORDS, ConfigurationFiles, lab_env, read_lab_env, write_lab_env
from tests.support.fake_lab import make_record

TEXT = "# why\nTTL=3600\n\nURL=http://risk:8080?a=b\n"
keys = st.from_regex(r"[A-Z][A-Z0-9_]{0,8}", fullmatch=True)
values = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=12)


class TestText:
    def test_settings_are_read_and_comments_skipped(self) -> None:
        assert settings.parse(TEXT) == {"TTL": "3600", "URL": "http://risk:8080?a=b"}

    @given(st.dictionaries(keys, values, max_size=5))
    def test_what_was_rendered_is_read_back(self, known: dict[str, str]) -> None:
        assert settings.parse(settings.render(known)) == known

    @given(st.dictionaries(keys, values, max_size=5), keys, values)
    def test_changing_one_value_changes_nothing_else(self, known: dict[str, str], key: str, value: str) -> None:
        changed = settings.with_value("# kept\n" + settings.render(known), key, value)
        assert settings.parse(changed) == {**known, key: value}
        assert changed.startswith("# kept\n")

    def test_a_changed_line_stays_in_its_place(self) -> None:
        assert settings.with_value(TEXT, "TTL", "5") == TEXT.replace("3600", "5")

    def test_the_diff_shows_the_line_with_its_comment(self) -> None:
        diff = settings.unified_diff(TEXT, TEXT.replace("3600", "5"), "config/risk.env")
        assert "--- a/config/risk.env\n+++ b/config/risk.env\n" in diff
        assert " # why\n-TTL=3600\n+TTL=5\n" in diff
        assert settings.unified_diff(TEXT, TEXT, "x") == ""


@pytest.fixture
def files(tmp_path: Path) -> ConfigurationFiles:
    defaults = tmp_path / "defaults"
    defaults.mkdir()
    (defaults / "risk.env").write_text("TTL=3600\n")
    (defaults / "payments.env").write_text("POOL=8\n")
    made = ConfigurationFiles(tmp_path / "config", defaults)
    made.prepare()
    return made


class TestConfigurationFiles:
    def test_a_lab_begins_with_the_shipped_files(self, files: ConfigurationFiles) -> None:
        assert files.services() == ["payments", "risk"]
        assert files.text("risk") == files.shipped("risk") == "TTL=3600\n"
        assert (files.folder / "risk.env").stat().st_mode & 0o777 == 0o600

    def test_preparing_again_keeps_the_labs_own_values(self, files: ConfigurationFiles) -> None:
        files.write("risk", "TTL=5\n")
        (files.folder / "payments.env").unlink()
        files.prepare()
        assert files.settings("risk") == {"TTL": "5"}
        assert files.settings("payments") == {"POOL": "8"}
        assert files.shipped("risk") == "TTL=3600\n"

    def test_a_file_that_is_gone_reads_as_shipped(self, files: ConfigurationFiles) -> None:
        (files.folder / "risk.env").unlink()
        assert files.setting("risk", "TTL") == "3600"

    def test_unknown_names_get_the_nearest(self, files: ConfigurationFiles) -> None:
        for ask in (files.text, files.shipped, files.settings):
            with pytest.raises(NotFoundError, match="rsk") as caught:
                ask("rsk")
            assert caught.value.near == "risk"
        with pytest.raises(NotFoundError, match="setting of risk"):
            files.setting("risk", "TTLL")
        with pytest.raises(NotFoundError):
            files.write("../escape", "X=1\n")


class TestLabEnv:
    def test_compose_gets_ports_load_address_releases_and_passwords(self, tmp_path: Path) -> None:
        values = lab_env(make_record(), tmp_path, {"payments": Deployed("2.15.0", "2.14.3", "0123456789ab")})
        assert values["LAB_DIR"] == str(tmp_path)
        assert values["BIND_ADDRESS"] == "127.0.0.1"
        assert (values["TARGET_RPS"], values["LOAD_SEED"]) == ("20", "1")
        assert (values["GATEWAY_PORT"], values["GRAFANA_PORT"]) == ("20000", "20004")
        assert (values["PAYMENTS_VERSION"], values["PAYMENTS_TAG"]) == ("2.14.3", "0123456789ab")

    def test_each_password_is_its_own_and_no_other_labs_and_can_be_in_a_url(self, tmp_path: Path) -> None:
        one, two = (lab_env(make_record(), tmp_path, {}) for _ in range(2))
        made = [values[name] for values in (one, two) for name in PASSWORDS]
        assert len(set(made)) == 2 * len(PASSWORDS)
        assert all(re.fullmatch(r"[0-9a-f]{32}", password) for password in made)

    def test_passwords_survive_and_the_rest_follows_the_record(self, tmp_path: Path) -> None:
        first = lab_env(make_record(), tmp_path, {})
        write_lab_env(tmp_path, {**first, "RISK_DB_PASSWORD": "", "UNKNOWN": "1"})
        second = lab_env(replace(make_record(), rps=7.5), tmp_path, {})
        assert second["RISK_DB_PASSWORD"]
        assert second == {**first, "TARGET_RPS": "7.5", "RISK_DB_PASSWORD": second["RISK_DB_PASSWORD"]}

    def test_the_file_is_its_owners_alone(self, tmp_path: Path) -> None:
        assert read_lab_env(tmp_path) == {}
        write_lab_env(tmp_path, {"A": "1"})
        assert read_lab_env(tmp_path) == {"A": "1"}
        assert stat.S_IMODE((tmp_path / settings.LAB_ENV).stat().st_mode) == 0o600
