from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from labctl.base.waiting import wait_until

CONFIGURATION = "services/common/gunicorn_conf.py"
APPLICATION = "services.acquirer.wsgi:create()"


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free: int = probe.getsockname()[1]
        return free


@pytest.fixture
def server(port: int) -> Iterator[subprocess.Popen[str]]:
    """Run the acquirer as its container does: every answer takes half a second."""
    env = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "PORT": str(port),
        "SERVICE_NAME": "acquirer",
        "LATENCY_MEDIAN_MS": "500",
        "LATENCY_SIGMA": "0",
        "ERROR_RATIO": "0",
    }
    command = [sys.executable, "-m", "gunicorn", "-c", CONFIGURATION, APPLICATION]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        yield process
        process.kill()


def call(port: int) -> int:
    return requests.post(
        f"http://127.0.0.1:{port}/authorisations",
        json={"token": "t"},
        headers={"Idempotency-Key": "k"},
        timeout=10,
    ).status_code


def alive(port: int) -> bool:
    return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=1).ok


def test_requests_in_flight_are_answered_before_the_end(server: subprocess.Popen[str], port: int) -> None:
    wait_until(lambda: alive(port), what="serving", timeout=20, interval=0.05, transient=(requests.RequestException,))
    with ThreadPoolExecutor(4) as threads:
        answers = [threads.submit(call, port) for _ in range(4)]
        wait_until(lambda: connected(port) >= 4, what="four requests in flight", timeout=30, interval=0.02)
        server.send_signal(signal.SIGTERM)
        assert [answer.result() for answer in answers] == [200] * 4
    output, _ = server.communicate(timeout=15)
    assert server.returncode == 0
    assert all(json.loads(line)["service"] == "acquirer" for line in output.splitlines())


def test_a_stopping_server_refuses_new_connections_while_it_answers_what_is_in_flight(
    server: subprocess.Popen[str], port: int
) -> None:
    wait_until(lambda: alive(port), what="serving", timeout=20, interval=0.05, transient=(requests.RequestException,))
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(call, port)
        wait_until(lambda: connected(port) >= 1, what="a request in flight", timeout=5, interval=0.02)
        server.send_signal(signal.SIGTERM)
        wait_until(lambda: refuses(port), what="a refusal", timeout=5, interval=0.02)
        assert not answer.done()
        assert answer.result() == 200


def test_a_server_ends_with_a_worker_that_is_killed(server: subprocess.Popen[str], port: int) -> None:
    wait_until(lambda: alive(port), what="serving", timeout=20, interval=0.05, transient=(requests.RequestException,))
    (worker,) = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    os.kill(int(worker), signal.SIGKILL)
    output, _ = server.communicate(timeout=15)
    assert server.returncode == 1
    assert "its worker ended by itself" in output


SLOW = """
import pathlib, time
from flask import Flask
def create():
    while not pathlib.Path("go").exists():
        time.sleep(0.02)
    app = Flask("slow")
    app.get("/healthz")(lambda: "well")
    return app
"""


def test_callers_are_refused_for_as_long_as_the_worker_loads_which_may_be_longer_than_its_time_out(
    tmp_path: Path, port: int
) -> None:
    (tmp_path / "slow.py").write_text(SLOW)
    env = {"PATH": os.environ["PATH"], "PORT": str(port), "SERVICE_NAME": "slow", "PYTHONPATH": str(Path.cwd())}
    configuration = str(Path(CONFIGURATION).resolve())
    command = [sys.executable, "-m", "gunicorn", "-c", configuration, "--timeout", "1", "slow:create()"]
    with subprocess.Popen(command, env=env, cwd=tmp_path, stdout=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: taken(port), what="a bound socket", timeout=20, interval=0.02)
            until = time.monotonic() + 3  # three times the time-out
            wait_until(lambda: not refuses(port) or time.monotonic() > until, what="patience", timeout=20)
            assert refuses(port)
            assert process.poll() is None
            (tmp_path / "go").touch()
            wait_until(lambda: not refuses(port), what="listening", timeout=20, interval=0.02)
            assert alive(port)
        finally:
            process.kill()


def taken(port: int) -> bool:
    with socket.socket() as other:
        try:
            other.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def test_the_process_that_starts_the_worker_stays_small(server: subprocess.Popen[str], port: int) -> None:
    """What it imported would be in memory twice, as the worker soon has pages of its own."""
    wait_until(lambda: alive(port), what="serving", timeout=20, interval=0.05, transient=(requests.RequestException,))
    (worker,) = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    assert anonymous_kb(server.pid) < anonymous_kb(int(worker)) / 2


def anonymous_kb(pid: int) -> int:
    rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("Anonymous:"))


def refuses(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except (ConnectionRefusedError, ConnectionResetError):  # reset: the socket was closed in the middle of connecting
        return True
    return False


def connected(port: int) -> int:
    """Count the connections that the server on `port` has accepted, as the kernel lists them.

    One that nobody has accepted is established already, and has no inode yet.
    """
    end = f":{port:04X}"
    with open("/proc/net/tcp") as table:  # noqa: PTH123
        rows = [line.split() for line in table]
    return sum(row[1].endswith(end) and row[3] == "01" and row[9] != "0" for row in rows[1:])


def raw(port: int, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: client.recv(65536), b""))


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"NONSENSE\r\n\r\n", 400),
        (b"GET /healthz HTTP/9.9\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\nbad name: y\r\n\r\n", 400),
        (b"POST /authorisations HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: " + b"y" * 9000 + b"\r\n\r\n", 431),
        (b"GET /" + b"y" * 5000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n", 417),
    ],
)
def test_what_is_no_request_gets_a_problem_document(
    server: subprocess.Popen[str], port: int, request_bytes: bytes, status: int
) -> None:
    wait_until(lambda: alive(port), what="serving", timeout=20, interval=0.05, transient=(requests.RequestException,))
    head, _, body = raw(port, request_bytes).partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"application/problem+json" in head
    assert json.loads(body)["request_id"]
