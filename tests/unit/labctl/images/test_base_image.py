"""Where the base image comes from: this machine, a registry, or Debian's packages."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from labctl.base.errors import EngineError
from labctl.docker import apt
from labctl.docker.docker import Docker
from labctl.images import base_image
from tests.support.fake_daemon import FakeDaemon

Make = Callable[[str, str], Any]

# A daemon that has no image, whose registry refuses, and that imports whatever it is given.
NO_REGISTRY = """case "$1" in
pull) echo 'no such host' >&2; exit 1 ;;
import) cat "$4" > "$0.imported" ;;
esac"""
MAKES_AN_ARCHIVE = 'for last; do mirror=$archive; archive=$last; done; echo "root file system" > "$mirror"'


pytestmark = pytest.mark.usefixtures("fake_daemon")


@pytest.fixture
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "keyring.gpg"
    path.touch()
    monkeypatch.setattr(base_image, "_KEYRING", path)
    return path


@pytest.mark.parametrize("tag", [base_image.PULLED, base_image.BOOTSTRAPPED])
def test_an_image_that_is_here_is_used_as_it_is(fake_program: Make, fake_daemon: FakeDaemon, tag: str) -> None:
    docker = fake_program("docker", "exit 1")
    fake_daemon.images = lambda: {tag: "sha256:1"}
    assert base_image.debian(Docker()) == tag
    assert docker.calls == []


def test_a_registry_that_answers_is_asked(fake_program: Make) -> None:
    docker = fake_program("docker", "echo Pulling")
    assert base_image.debian(Docker()) == base_image.PULLED
    assert docker.calls[-1] == f"pull {base_image.PULLED}"


def test_without_a_registry_debian_is_bootstrapped(fake_program: Make, keyring: Path) -> None:
    docker = fake_program("docker", NO_REGISTRY)
    mmdebstrap = fake_program("mmdebstrap", MAKES_AN_ARCHIVE)
    assert base_image.debian(Docker()) == base_image.BOOTSTRAPPED
    assert docker.path.with_name("docker.imported").read_text() == "root file system\n"
    assert f"--keyring={keyring}" in mmdebstrap.calls[0]
    assert mmdebstrap.calls[0].endswith("http://deb.debian.org/debian")


def test_another_mirror_serves_the_bootstrap(
    fake_program: Make, keyring: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_program("docker", NO_REGISTRY)
    mmdebstrap = fake_program("mmdebstrap", MAKES_AN_ARCHIVE)
    monkeypatch.setenv("LABCTL_DEBIAN_MIRROR", "http://mirror.corp/debian")
    base_image.bootstrap(Docker())
    assert mmdebstrap.calls[0].endswith("http://mirror.corp/debian")


def test_a_registry_that_hangs_is_given_up(fake_program: Make) -> None:
    fake_program("docker", "exec sleep 60")
    assert base_image.pull(Docker(), "debian", answers_within=0.05) is False


def test_a_registry_that_has_answered_may_take_its_time(fake_program: Make) -> None:
    fake_program("docker", "echo 'Pulling from library/debian'; sleep 0.3; echo done")
    assert base_image.pull(Docker(), "debian", answers_within=0.2) is True


def test_a_pull_that_never_ends_is_given_up(fake_program: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base_image, "PULL_TIMEOUT", 0.05)
    fake_program("docker", "echo 'Pulling from library/debian'; exec sleep 60")
    assert base_image.pull(Docker(), "debian") is False


def test_missing_tools_are_installed_where_that_is_allowed(
    fake_program: Make, keyring: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_program("docker", NO_REGISTRY)
    installed: list[str] = []

    def install(*packages: str) -> None:
        installed.extend(packages)
        fake_program("mmdebstrap", MAKES_AN_ARCHIVE)

    keyring.unlink()
    monkeypatch.setattr(apt, "can_install", lambda: True)
    monkeypatch.setattr(apt, "refresh", lambda: None)
    monkeypatch.setattr(apt, "install", install)
    base_image.bootstrap(Docker())
    assert installed == ["mmdebstrap", "debian-archive-keyring"]


def test_where_nothing_can_be_had_the_error_says_both_ways_out(
    fake_program: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_program("docker", NO_REGISTRY)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(EngineError, match="no registry answers") as caught:
        base_image.debian(Docker())
    assert "apt-get install mmdebstrap debian-archive-keyring" in caught.value.todo
    assert "docker load" in caught.value.todo


def test_a_failed_bootstrap_shows_why_and_names_the_mirror(fake_program: Make, keyring: Path) -> None:
    fake_program("docker", NO_REGISTRY)
    fake_program("mmdebstrap", "echo 'E: apt-get update failed' >&2; exit 1")
    with pytest.raises(EngineError, match="apt-get update failed") as caught:
        base_image.bootstrap(Docker())
    assert "deb.debian.org" in caught.value.expected
    assert "LABCTL_DEBIAN_MIRROR" in caught.value.todo
