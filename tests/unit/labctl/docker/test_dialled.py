"""The daemon asked by way of the command line: for who joined the group late, and on machines reached by ssh."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import pytest

from labctl.base.errors import EngineError
from labctl.docker import docker_group
from labctl.docker.docker import Container, Docker
from tests.support.fake_daemon import FakeDaemon

Make = Callable[[str, str], Any]

# What `docker system dial-stdio` does: it ends when either side hangs up.
DIAL = """
import os, socket, sys, threading
daemon = socket.socket(socket.AF_UNIX)
daemon.connect(sys.argv[1])
def copy(read, write):
    while data := read():
        write(data)
    os._exit(0)
up = threading.Thread(target=copy, args=(lambda: os.read(0, 65536), daemon.sendall), daemon=True)
down = threading.Thread(target=copy, args=(lambda: daemon.recv(65536), lambda data: os.write(1, data)), daemon=True)
up.start(); down.start(); up.join()
"""


@pytest.fixture
def docker(fake_program: Make, fake_daemon: FakeDaemon) -> Any:
    """The command line, which reaches the daemon."""
    return fake_program("docker", f"echo $$ >>\"$0.pids\"; exec '{sys.executable}' -c '{DIAL}' '{fake_daemon.path}'")


@pytest.fixture
def elsewhere(fake_daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "ssh://ada@build.corp")


@pytest.mark.usefixtures("elsewhere")
def test_a_daemon_on_another_machine_is_asked_by_one_process(docker: Any, fake_daemon: FakeDaemon) -> None:
    fake_daemon.containers["c1"] = Container("c1", "p_risk_1", "p", "risk", "labctl/risk:1", "running")
    fake_daemon.written = [(1, "x" * 100_000 + "\n")]
    assert Docker().containers("p") == list(fake_daemon.containers.values())
    assert Docker().logs("c1") == "x" * 100_000 + "\n"
    assert docker.calls == ["system dial-stdio"]
    assert fake_daemon.requests[:2] == ["/version", "/v1.41/containers/json"]


def test_who_joined_the_group_late_asks_as_a_member(
    docker: Any, fake_program: Make, fake_daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    sg = fake_program("sg", 'exec sh -c "$3"')
    monkeypatch.setattr(docker_group, "joined_late", lambda: True)
    assert Docker().server_version() == "20.10.24"
    assert sg.calls == ["docker -c docker system dial-stdio"]
    assert docker.calls == ["system dial-stdio"]


@pytest.mark.usefixtures("elsewhere")
def test_a_process_that_ended_is_replaced(docker: Any, fake_daemon: FakeDaemon) -> None:
    Docker().containers("p")
    fake_daemon.hang_up()
    pid = int(docker.path.with_name("docker.pids").read_text())
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert Docker().containers("p") == []
    assert len(docker.calls) == 2


@pytest.mark.usefixtures("elsewhere")
def test_what_the_command_line_says_is_told(fake_program: Make, fake_daemon: FakeDaemon) -> None:
    fake_program("docker", "echo 'ssh: connect to host build.corp port 22: Connection refused' >&2; exit 1")
    with pytest.raises(EngineError, match="does not answer") as caught:
        Docker().containers("p")
    assert "port 22: Connection refused" in caught.value.expected
    fake_program("docker", "echo 'dial unix /var/run/docker.sock: connect: permission denied' >&2; exit 1")
    with pytest.raises(EngineError, match="may not talk to the Docker daemon"):
        Docker().containers("p")


@pytest.mark.usefixtures("elsewhere")
def test_a_process_that_says_nothing_is_given_up_and_ended(fake_program: Make) -> None:
    fake_program("docker", "exec cat >/dev/null")
    with pytest.raises(EngineError, match="'docker version' did not answer within 1 s"):
        Docker().server_version(timeout=1)


@pytest.mark.usefixtures("elsewhere")
def test_without_the_command_line_it_cannot_be_asked(fake_program: Make) -> None:
    with pytest.raises(EngineError, match="does not answer"):
        Docker(binary="docker-nowhere").containers("p")
