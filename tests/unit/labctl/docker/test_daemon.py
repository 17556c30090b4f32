"""Which daemon is asked, over which connection, and what becomes of a question that it does not answer."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from labctl.base.errors import EngineError, HostError
from labctl.docker import daemon
from labctl.docker.docker import Docker
from tests.support.fake_daemon import FakeDaemon, use_context

NOBODY = "tcp://127.0.0.1:1"


def asked(fake: FakeDaemon) -> bool:
    """Whether this daemon is the one that is asked."""
    fake.requests.clear()
    Docker().server_version()
    return bool(fake.requests)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that has the settings of docker's client, DOCKER_HOST not being set."""
    monkeypatch.delenv("DOCKER_HOST")
    return Path(os.environ["DOCKER_CONFIG"])


def test_the_version_is_found_out_once_and_a_connection_is_kept(fake_daemon: FakeDaemon) -> None:
    Docker().containers("p")
    opened = len(fake_daemon.opened)
    Docker().containers("p")
    assert fake_daemon.requests == ["/version", "/v1.41/containers/json", "/v1.41/containers/json"]
    assert len(fake_daemon.opened) == opened


def test_the_context_in_use_names_the_daemon(fake_daemon: FakeDaemon, config: Path) -> None:
    use_context(config, "desktop", fake_daemon.url)
    assert asked(fake_daemon)


def test_a_context_of_the_environment_comes_before_the_one_in_use(
    fake_daemon: FakeDaemon, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_context(config, "mine", fake_daemon.url)
    use_context(config, "in use", NOBODY)
    monkeypatch.setenv("DOCKER_CONTEXT", "mine")
    assert asked(fake_daemon)


def test_docker_host_comes_before_every_context(
    fake_daemon: FakeDaemon, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_context(config, "in use", NOBODY)
    monkeypatch.setenv("DOCKER_CONTEXT", "in use")
    monkeypatch.setenv("DOCKER_HOST", fake_daemon.url)
    assert asked(fake_daemon)


def test_without_any_of_them_it_is_this_machines(config: Path) -> None:
    assert daemon.address()["base_url"] == "unix:///var/run/docker.sock"


def test_a_context_that_there_is_not_is_an_error_and_no_other_daemon(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_CONTEXT", "gone")
    with pytest.raises(EngineError, match="the Docker context 'gone' can't be used") as caught:
        Docker().containers("p")
    assert "docker context use" in caught.value.todo


def test_a_context_that_cannot_be_read_is_an_error(config: Path) -> None:
    use_context(config, "torn", NOBODY)
    (meta,) = config.glob("contexts/meta/*/meta.json")
    meta.write_text("{")
    with pytest.raises(EngineError, match="the Docker context in use can't be used"):
        Docker().containers("p")


@pytest.mark.parametrize("verify", ["1", ""])
def test_certificates_of_the_environment_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verify: str) -> None:
    for name in ("cert.pem", "key.pem", "ca.pem"):
        (tmp_path / name).touch()
    monkeypatch.setenv("DOCKER_HOST", "tcp://10.0.0.1:2376")
    monkeypatch.setenv("DOCKER_CERT_PATH", str(tmp_path))
    monkeypatch.setenv("DOCKER_TLS_VERIFY", verify)
    where = daemon.address()
    assert where["base_url"] == "tcp://10.0.0.1:2376"
    assert where["tls"].ca_cert == str(tmp_path / "ca.pem")
    assert where["tls"].verify is bool(verify)


def test_certificates_that_are_not_there_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://10.0.0.1:2376")
    monkeypatch.setenv("DOCKER_CERT_PATH", str(tmp_path))
    with pytest.raises(EngineError, match=r"docker ps failed: .*TLS"):
        Docker().containers("p")


@pytest.mark.parametrize("host", [NOBODY, "unix:///nowhere/docker.sock"])
def test_a_daemon_that_is_not_there(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("DOCKER_HOST", host)
    with pytest.raises(EngineError, match="the Docker daemon does not answer") as caught:
        Docker().containers("p")
    assert host in caught.value.expected
    assert "labctl setup" in caught.value.todo


def test_a_socket_that_this_user_may_not_use(fake_daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied")  # root, whom tests may run as, may use every socket

    monkeypatch.setattr(daemon, "_try", denied)
    with pytest.raises(EngineError, match="this user may not talk to the Docker daemon") as caught:
        Docker().containers("p")
    assert "usermod -aG docker" in caught.value.todo
    assert fake_daemon.url in caught.value.expected


def test_a_daemon_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    # The name of a socket may not be long, and that of a test's own folder is.
    with TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as silent:
        silent.bind(f"{folder}/s")
        silent.listen()
        monkeypatch.setenv("DOCKER_HOST", f"unix://{folder}/s")
        with pytest.raises(EngineError, match="'docker version' did not answer within 1 s"):
            Docker().server_version(timeout=1)


def test_what_the_daemon_says_of_its_trouble_is_told(fake_daemon: FakeDaemon) -> None:
    docker = Docker()
    docker.containers("p")
    fake_daemon.fails = (500, "write /var/lib/docker/x: no space left on device")
    with pytest.raises(HostError, match="the disk that Docker writes to is full"):
        docker.containers("p")
    fake_daemon.fails = (500, "server error\nof its own")
    with pytest.raises(EngineError, match="docker logs failed: server error\nof its own"):
        docker.logs("c1")


def test_a_daemon_that_starts_again_is_asked_again(fake_daemon: FakeDaemon) -> None:
    docker = Docker()
    docker.containers("p")
    opened = len(fake_daemon.opened)
    fake_daemon.hang_up()
    assert docker.containers("p") == []
    assert len(fake_daemon.opened) == opened + 1


def test_what_asks_no_daemon_does_not_import_the_sdk() -> None:
    script = "import labctl.docker.docker, labctl.cli.cli, sys; sys.exit('docker' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
