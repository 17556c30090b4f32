"""When a container counts as ready, and what is said when it never does."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from labctl.base.errors import EngineError, HostError, WaitTimeoutError
from labctl.docker import readiness
from tests.support.fake_daemon import FakeDaemon
from tests.support.fake_engine import FakeDocker


@pytest.fixture
def docker(fake_daemon: FakeDaemon) -> FakeDocker:
    return FakeDocker(daemon=fake_daemon)


def test_a_service_with_a_port_is_ready_when_it_says_so(docker: FakeDocker) -> None:
    readiness.wait_for(docker, docker.add("p", "risk", "running"))
    assert docker.events[-1] == "ask risk"


@pytest.fixture
def published(docker: FakeDocker) -> Iterator[list[int]]:
    """A server at the gateway's published port, which answers with the statuses in the list, the last one for ever."""
    statuses = [200]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            assert self.path == "/readyz"
            self.send_response(statuses.pop(0) if len(statuses) > 1 else statuses[0])
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        docker.daemon.ports["8080/tcp"] = [{"HostIp": "127.0.0.1", "HostPort": str(server.server_port)}]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield statuses
        server.shutdown()
        thread.join()


def test_a_published_port_is_asked_from_the_host(docker: FakeDocker, published: list[int]) -> None:
    readiness.wait_for(docker, docker.add("p", "gateway", "running"))
    assert "ask gateway" not in docker.events


def test_not_ready_yet_is_asked_again(docker: FakeDocker, published: list[int]) -> None:
    published[:] = [503, 503, 200]
    readiness.wait_for(docker, docker.add("p", "gateway", "running"))
    assert published == [200]


def test_a_published_port_that_refuses_is_not_ready(docker: FakeDocker) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        docker.daemon.ports["8080/tcp"] = [{"HostIp": "127.0.0.1", "HostPort": str(closed.getsockname()[1])}]
        with pytest.raises(WaitTimeoutError):
            readiness.wait_for(docker, docker.add("p", "gateway", "running"), timeout=0)


def test_a_service_that_does_not_answer_times_out_with_its_last_words(docker: FakeDocker) -> None:
    docker.deaf.add("risk")
    risk = docker.add("p", "risk", "running")
    with pytest.raises(WaitTimeoutError, match="risk getting ready") as caught:
        readiness.wait_for(docker, risk, timeout=0)
    assert "the last words of risk" in caught.value.expected
    assert caught.value.todo == f"see what it says: docker logs {risk.name}"


@pytest.mark.parametrize("state", ["exited", "restarting", "dead"])
def test_a_process_that_ended_is_not_waited_for(docker: FakeDocker, state: str) -> None:
    with pytest.raises(EngineError, match=r"jobs does not stay up \(exit code 3\)") as caught:
        readiness.wait_for(docker, docker.add("p", "jobs", state))
    assert "the last words of jobs" in caught.value.expected


def test_a_process_that_ended_since_the_disk_is_full_is_the_hosts_error(
    docker: FakeDocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeDocker, "logs", lambda *_: "OSError: [Errno 28] No space left on device: '/data/x'")
    with pytest.raises(HostError, match="is full") as caught:
        readiness.wait_for(docker, docker.add("p", "telemetry", "exited"))
    assert "telemetry said: OSError" in caught.value.expected
    assert "free some space" in caught.value.todo


def test_a_service_without_a_port_is_ready_when_it_stays_up(
    docker: FakeDocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "SETTLED_AFTER", 0.05)
    readiness.wait_for(docker, docker.add("p", "postgres", "running"))
    assert "ask postgres" not in docker.events


def test_a_container_that_was_only_created_is_not_ready(docker: FakeDocker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "SETTLED_AFTER", 0.0)
    with pytest.raises(WaitTimeoutError):
        readiness.wait_for(docker, docker.add("p", "postgres", "created"), timeout=0)
