"""Installing packages, against stand-ins for apt and sudo."""

import os
from collections.abc import Callable
from typing import Any

import pytest

from labctl.base.errors import EngineError
from labctl.docker import apt

Make = Callable[[str, str], Any]


@pytest.fixture
def as_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


@pytest.fixture
def as_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)


@pytest.fixture
def apt_get(fake_program: Make) -> Any:
    return fake_program("apt-get", 'echo "$DEBIAN_FRONTEND" >> "$0.frontend"')


def test_root_needs_no_prefix(as_root: None) -> None:
    assert apt.root_prefix() == []


def test_a_user_with_sudo_and_no_password_may_install(as_user: None, fake_program: Make, apt_get: Any) -> None:
    sudo = fake_program("sudo", "exit 0")
    assert apt.root_prefix() == ["sudo", "-n"]
    assert apt.can_install()
    assert sudo.calls == ["-n true", "-n true"]


def test_a_user_who_would_be_asked_for_a_password_may_not(as_user: None, fake_program: Make, apt_get: Any) -> None:
    fake_program("sudo", "exit 1")
    assert apt.root_prefix() is None
    assert not apt.can_install()


def test_without_apt_nothing_can_be_installed(as_root: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert not apt.can_install()


def test_install_asks_nothing_and_takes_no_recommended_packages(as_root: None, apt_get: Any) -> None:
    apt.refresh()
    apt.install("docker.io", "iptables")
    assert apt_get.calls == ["update -qq", "install -qq --yes --no-install-recommends docker.io iptables"]
    assert (apt_get.path.parent / "apt-get.frontend").read_text().split() == ["noninteractive"] * 2


def test_install_goes_through_sudo(as_user: None, fake_program: Make, apt_get: Any) -> None:
    fake_program("sudo", 'shift; exec "$@"')
    apt.install("docker.io")
    assert apt_get.calls == ["install -qq --yes --no-install-recommends docker.io"]


def test_a_failed_install_shows_apts_own_words(as_root: None, fake_program: Make) -> None:
    fake_program("apt-get", "echo 'E: Unable to locate package docker.io' >&2; exit 100")
    with pytest.raises(EngineError, match="Unable to locate package") as caught:
        apt.install("docker.io")
    assert caught.value.todo.startswith("type: sudo apt-get install")


def test_nobody_without_rights_gets_as_far_as_apt(as_user: None, fake_program: Make, apt_get: Any) -> None:
    fake_program("sudo", "exit 1")
    with pytest.raises(EngineError, match="needs root"):
        apt.refresh()
    assert apt_get.calls == []


@pytest.mark.parametrize(("printed", "expected"), [("Package: docker.io", True), ("", False)])
def test_available(fake_program: Make, printed: str, expected: bool) -> None:
    fake_program("apt-cache", f"printf '{printed}'")
    assert apt.available("docker.io") is expected


def test_the_command_for_a_person(as_user: None) -> None:
    assert apt.install_command("a", "b") == "sudo apt-get update && sudo apt-get install a b"


def test_the_command_for_root(as_root: None) -> None:
    assert apt.install_command("a") == "apt-get update && apt-get install a"
