"""The worker in a real server, whose clients are slow."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
import requests

from labctl.base.waiting import wait_until

THREADS = 2
CONNECTIONS = 30
LIMITS = {"HEADER_SECONDS": "1", "EXCHANGE_SECONDS": "1", "CONNECTIONS_A_CLIENT": str(CONNECTIONS)}
HALF = b"GET /api/services HTTP/1.1\r\nHost: here\r\nX-"
POST = b"POST /v1/traces HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"


@dataclass(frozen=True)
class Server:
    port: int
    query_port: int

    def get(self, path: str) -> int:
        return requests.get(f"http://127.0.0.1:{self.port}{path}", timeout=10).status_code

    def connect(self, stack: ExitStack, data: bytes) -> socket.socket:
        made = stack.enter_context(socket.create_connection(("127.0.0.1", self.port), timeout=30))
        made.sendall(data)
        return made


def is_ended(connection: socket.socket) -> bool:
    """Wait until the server ends a connection; False when it answers well."""
    try:
        return b"200 OK" not in connection.recv(100)
    except ConnectionResetError:  # it had not read all that was sent
        return True


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run telemetry as its container does, with few threads."""
    with ExitStack() as probes:
        sockets = [probes.enter_context(socket.socket()) for _ in range(2)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        port, query_port = (each.getsockname()[1] for each in sockets)
    env = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "SERVICE_NAME": "telemetry",
        "PORT": str(port),
        "QUERY_PORT": str(query_port),
        "THREADS": str(THREADS),
        "THREADS_A_CLIENT": str(THREADS),
        "WORKER_CLASS": "services.common.patient_worker.PatientWorker",
        **LIMITS,
        "STORE_PATH": str(tmp_path_factory.mktemp("store") / "store.db"),
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "services/common/gunicorn_conf.py"]
    with subprocess.Popen([*command, "services.telemetry.wsgi:create()"], env=env) as process:
        made = Server(port, query_port)
        wait_until(
            lambda: made.get("/readyz") == 200,
            what="serving",
            timeout=30,
            interval=0.05,
            transient=(requests.RequestException,),
        )
        yield made
        process.terminate()
        process.wait(15)


def test_half_sent_headers_keep_nobody_waiting_and_are_ended(server: Server) -> None:
    with ExitStack() as stack:
        held = [server.connect(stack, HALF) for _ in range(10 * THREADS)]
        assert server.get("/api/services") == 200
        assert all(map(is_ended, held))


def test_a_header_that_comes_in_two_parts_is_answered(server: Server) -> None:
    with ExitStack() as stack:
        slow = server.connect(stack, HALF)
        assert server.get("/api/services") == 200
        slow.sendall(b"Rest: 1\r\n\r\n")
        assert slow.recv(100).startswith(b"HTTP/1.1 200")


def test_one_client_has_only_so_many_connections(server: Server) -> None:
    with ExitStack() as stack:
        held = [server.connect(stack, HALF) for _ in range(CONNECTIONS + 5)]
        assert is_ended(held[-1])
        for each in held:
            each.close()
        wait_until(
            lambda: server.get("/api/services") == 200,
            what="a free connection",
            timeout=10,
            interval=0.05,
            transient=(requests.RequestException,),
        )


def test_bodies_that_do_not_come_are_ended(server: Server) -> None:
    with ExitStack() as stack:
        held = [server.connect(stack, POST) for _ in range(THREADS)]
        assert all(map(is_ended, held))
    assert server.get("/api/services") == 200


def test_a_connection_that_is_kept_serves_again(server: Server) -> None:
    with requests.Session() as session:
        for _ in range(5):
            assert session.get(f"http://127.0.0.1:{server.port}/api/services", timeout=10).ok


def test_the_port_for_questions_takes_no_telemetry(server: Server) -> None:
    status = [
        requests.post(f"http://127.0.0.1:{port}/v1/traces", json={}, timeout=10).status_code
        for port in (server.port, server.query_port)
    ]
    assert status == [200, 404]
