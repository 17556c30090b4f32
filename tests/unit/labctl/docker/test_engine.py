"""Finding, installing and starting the engine, against stand-ins for everything that would touch the machine."""

import getpass
import os
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from labctl.base.errors import EngineError
from labctl.docker import apt, engine
from labctl.docker.docker import Docker
from tests.support.fake_daemon import FakeDaemon, use_context

Make = Callable[[str, str], Any]

# Docker whose daemon runs once the file beside it exists.
DOCKER = """case "$1" in
version) [ -e "$0.up" ] && echo 20.10.24 || { echo 'Cannot connect to the Docker daemon' >&2; exit 1; } ;;
compose) echo "not a docker command" >&2; exit 1 ;;
esac"""


@pytest.fixture(autouse=True)
def linux_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(engine, "_SYSTEMD", tmp_path / "no-systemd")
    monkeypatch.setattr(engine, "_SBIN", ())
    monkeypatch.setattr(engine, "INIT_TIMEOUT", 0.3)
    monkeypatch.setattr(engine, "DAEMON_TIMEOUT", 3.0)
    monkeypatch.setattr(engine, "DAEMON_LOG", str(tmp_path / "dockerd.log"))


@pytest.fixture(autouse=True)
def context(fake_daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A daemon that is found by the context in use: where DOCKER_HOST is set, labctl starts none."""
    monkeypatch.delenv("DOCKER_HOST")
    use_context(tmp_path / "docker-config", "here", fake_daemon.url)


@pytest.fixture
def only_stand_ins(fake_program: Make, monkeypatch: pytest.MonkeyPatch) -> Make:
    """A PATH without this machine's docker, apt and service; the shell's own tools stay."""
    folder = fake_program("true", "exit 0").path.parent
    for tool in ("sh", "touch", "env", "setsid", "cat", "sed", "chmod"):
        source = next(each for each in (Path("/usr/bin"), Path("/bin")) if (each / tool).exists())
        (folder / tool).symlink_to(source / tool)
    monkeypatch.setenv("PATH", str(folder))
    return fake_program


@pytest.fixture
def docker(only_stand_ins: Make) -> Any:
    only_stand_ins("dockerd", "exit 1")
    return only_stand_ins("docker", DOCKER)


@pytest.fixture
def compose(only_stand_ins: Make) -> Any:
    return only_stand_ins("docker-compose", "echo 1.29.2")


def running(docker: Any) -> None:
    Path(f"{docker.path}.up").touch()


def test_where_everything_is_there_nothing_is_touched(docker: Any, compose: Any, only_stand_ins: Make) -> None:
    running(docker)
    for forbidden in ("apt-get", "service", "dockerd"):
        only_stand_ins(forbidden, f"touch '{docker.path}.touched'")
    told: list[str] = []
    found = engine.ensure(Docker(), told.append)
    assert found == engine.Engine("20.10.24", "docker-compose 1.29.2")
    assert told == []
    assert not Path(f"{docker.path}.touched").exists()


def test_a_stopped_daemon_is_started_by_the_init_script(docker: Any, compose: Any, only_stand_ins: Make) -> None:
    service = only_stand_ins("service", f"touch '{docker.path}.up'")
    assert engine.ensure().changes == ("started the Docker daemon (init script)",)
    assert service.calls == ["docker start"]


def test_systemd_starts_it_where_there_is_systemd(
    docker: Any, compose: Any, only_stand_ins: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(engine, "_SYSTEMD", tmp_path)
    systemctl = only_stand_ins("systemctl", f"touch '{docker.path}.up'")
    assert engine.ensure().changes == ("started the Docker daemon (systemd)",)
    assert systemctl.calls == ["start docker"]


@pytest.mark.parametrize("script", ["echo 'ulimit: error setting limit' >&2; exit 1", "exit 0"])
def test_where_the_init_script_does_not_get_it_running_it_is_started_directly(
    docker: Any, compose: Any, only_stand_ins: Make, script: str
) -> None:
    only_stand_ins("service", script)
    only_stand_ins("dockerd", f"touch '{docker.path}.up'")
    assert engine.ensure().changes == ("started the Docker daemon (dockerd)",)


def test_a_client_without_a_daemon_gets_one(compose: Any, only_stand_ins: Make) -> None:
    docker = only_stand_ins("docker", DOCKER)
    only_stand_ins("apt-cache", "echo Package: found")
    apt_get = only_stand_ins("apt-get", f"case $* in *docker.io*) touch '{docker.path}.up' ;; esac")
    changes = engine.ensure().changes
    assert [each for each in changes if "docker.io" in each] == list(changes)
    assert any("install" in call and "docker.io" in call for call in apt_get.calls)


def test_a_daemon_that_does_not_start_says_where_to_look(
    docker: Any, compose: Any, only_stand_ins: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "DAEMON_TIMEOUT", 0.1)
    only_stand_ins("service", "exit 1")
    only_stand_ins("dockerd", "echo 'failed to start daemon' >&2; exit 1")
    with pytest.raises(EngineError, match="does not start") as caught:
        engine.ensure()
    assert engine.DAEMON_LOG in caught.value.todo
    assert "failed to start daemon" in Path(engine.DAEMON_LOG).read_text()


def test_a_user_outside_the_docker_group_joins_it_where_sudo_asks_nothing(
    compose: Any, only_stand_ins: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(getpass, "getuser", lambda: "ada")
    docker = only_stand_ins("docker", DOCKER.replace("Cannot connect to the Docker daemon", "permission denied"))
    sudo = only_stand_ins("sudo", f"case $* in *usermod*) touch '{docker.path}.up' ;; esac")
    assert engine.ensure().changes == ("put ada into the group docker",)
    assert "-n usermod --append --groups docker ada" in sudo.calls


def test_a_user_outside_the_docker_group_is_told_so(compose: Any, only_stand_ins: Make) -> None:
    only_stand_ins("docker", "echo 'permission denied while trying to connect to the Docker daemon socket' >&2; exit 1")
    with pytest.raises(EngineError, match="may not talk") as caught:
        engine.ensure()
    assert "usermod -aG docker" in caught.value.todo


def test_a_user_who_cannot_start_it_is_told_what_to_type(
    docker: Any, compose: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(EngineError, match="does not run") as caught:
        engine.ensure()
    assert caught.value.todo == "type: sudo systemctl start docker"


def test_a_remote_daemon_is_not_ours_to_start(docker: Any, compose: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://build.corp:2375")
    with pytest.raises(EngineError, match=r"build\.corp"):
        engine.ensure()


def test_on_a_mac_docker_desktop_has_to_be_started(docker: Any, compose: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    with pytest.raises(EngineError) as caught:
        engine.ensure()
    assert "Docker Desktop" in caught.value.todo


def test_on_a_mac_without_docker_docker_desktop_has_to_be_installed(
    only_stand_ins: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    with pytest.raises(EngineError, match="Docker is not installed") as caught:
        engine.ensure()
    assert caught.value.todo == engine.DESKTOP


@pytest.fixture
def distribution(monkeypatch: pytest.MonkeyPatch, only_stand_ins: Make) -> Callable[[set[str]], list[str]]:
    """A distribution with the given packages; installing them makes their programs appear."""
    installed: list[str] = []

    def install(*packages: str) -> None:
        installed.extend(packages)
        if "docker.io" in packages:
            running(only_stand_ins("docker", DOCKER))
        if any(each.startswith("docker-compose") for each in packages):
            only_stand_ins("docker-compose", "echo 2.26.1")

    def make(packages: set[str]) -> list[str]:
        monkeypatch.setattr(apt, "can_install", lambda: True)
        monkeypatch.setattr(apt, "refresh", lambda: None)
        monkeypatch.setattr(apt, "available", lambda package: package in packages)
        monkeypatch.setattr(apt, "install", install)
        return installed

    return make


@pytest.mark.parametrize(
    ("packages", "expected"),
    [
        ({"docker.io", "iptables", "ca-certificates", "docker-compose"}, "Debian 12"),
        ({"docker.io", "docker-cli", "iptables", "ca-certificates", "docker-compose"}, "Debian 13"),
        ({"docker.io", "iptables", "ca-certificates", "docker-compose-v2"}, "Ubuntu"),
    ],
    ids=["Debian 12", "Debian 13", "Ubuntu"],
)
def test_a_bare_machine_gets_the_distributions_packages(
    distribution: Callable[[set[str]], list[str]], packages: set[str], expected: str
) -> None:
    installed = distribution(packages)
    found = engine.ensure()
    assert set(installed) == packages
    assert len(found.changes) == 2
    assert found.compose == "docker-compose 2.26.1"


def test_compose_v2_is_chosen_where_there_are_both(distribution: Callable[[set[str]], list[str]]) -> None:
    installed = distribution({"docker.io", "docker-compose", "docker-compose-v2"})
    engine.ensure()
    assert installed == ["docker.io", "docker-compose-v2"]


def test_a_distribution_without_docker_says_so(distribution: Callable[[set[str]], list[str]]) -> None:
    distribution(set())
    with pytest.raises(EngineError, match="no package for Docker") as caught:
        engine.ensure()
    assert "docs.docker.com" in caught.value.todo


def test_where_nothing_may_be_installed_the_error_says_what_to_type(
    only_stand_ins: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_stand_ins("apt-get", "exit 0")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(EngineError, match="Docker is not installed") as caught:
        engine.ensure()
    assert "sudo apt-get install docker.io docker-compose" in caught.value.todo


def test_without_apt_dockers_own_page_is_named(only_stand_ins: Make) -> None:
    with pytest.raises(EngineError, match="Docker is not installed") as caught:
        engine.ensure()
    assert "docs.docker.com/engine/install" in caught.value.todo


@pytest.mark.parametrize(("available", "installed"), [(True, ("installed docker-buildx",)), (False, ())])
def test_buildkit_s_plug_in_is_installed_where_the_distribution_has_it(
    only_stand_ins: Make, compose: Any, monkeypatch: pytest.MonkeyPatch, *, available: bool, installed: tuple[str, ...]
) -> None:
    only_stand_ins("docker", 'case "$1" in version) echo 28.2.2 ;; *) exit 1 ;; esac')
    asked: list[str] = []
    monkeypatch.setattr(apt, "can_install", lambda: True)
    monkeypatch.setattr(apt, "available", lambda package: asked.append(package) or available)
    monkeypatch.setattr(apt, "install", asked.append)
    assert engine.ensure().changes == installed
    assert asked == ["docker-buildx"] * (1 + available)
