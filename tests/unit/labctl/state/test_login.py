from __future__ import annotations

import stat
from pathlib import Path

import pytest

from labctl.base.errors import InputError
from labctl.state import login
from labctl.state.login import Login

ADA = Login("https://day.example/", "https://day.example/api/v1/", "secret", "ada", "blue", "lab", "1.0", None, 5.0)


def test_nobody_is_logged_in_at_first(state_dir: Path) -> None:
    assert login.present() is None
    assert login.forget() is None
    assert not state_dir.exists()  # asking leaves nothing behind


def test_a_login_is_kept_for_its_owner_only_until_it_is_forgotten(state_dir: Path) -> None:
    login.keep(ADA)
    assert login.present() == ADA
    assert stat.S_IMODE((state_dir / "login.json").stat().st_mode) == 0o600
    assert login.forget() == ADA
    assert login.present() is None


def test_what_a_later_version_kept_beside_it_is_left_out(state_dir: Path) -> None:
    login.keep(ADA)
    path = state_dir / "login.json"
    path.write_text(path.read_text().replace('"url"', '"later": 1, "url"'))
    assert login.present() == ADA


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null", '{"url": 1}'])
def test_a_file_that_is_none_says_what_to_do(state_dir: Path, text: str) -> None:
    state_dir.mkdir()
    (state_dir / "login.json").write_text(text)
    with pytest.raises(InputError, match="is not what `labctl login` wrote") as error:
        login.present()
    assert "log in again" in error.value.todo


def test_the_environment_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    login.keep(ADA)
    monkeypatch.setenv("LABCTL_REMOTE", "off")
    assert login.present() is None
    monkeypatch.setenv("LABCTL_REMOTE", "https://other.example/api/v1")
    monkeypatch.setenv("LABCTL_TOKEN", "another")
    found = login.present()
    assert found is not None
    assert (found.api, found.token) == ("https://other.example/api/v1/", "another")


@pytest.mark.parametrize(("remote", "token"), [("https://x/api/v1", ""), ("yes", "t"), ("file:///etc", "t")])
def test_an_environment_that_can_not_be(monkeypatch: pytest.MonkeyPatch, remote: str, token: str) -> None:
    monkeypatch.setenv("LABCTL_REMOTE", remote)
    monkeypatch.setenv("LABCTL_TOKEN", token)
    with pytest.raises(InputError, match="LABCTL_REMOTE"):
        login.present()
