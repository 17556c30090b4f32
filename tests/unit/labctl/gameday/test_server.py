"""The hub as a process: what only a real server and real sockets show."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from labctl.actions import processes
from labctl.base.waiting import wait_until
from labctl.gameday import keeper, launch, status
from labctl.gameday import plan as plans
from labctl.gameday.server import threads_for
from labctl.gameday.store import DayStore
from labctl.operate import background
from tests.support.hub_world import make_store

START = background.start
"""The real one: in the tests it is another (conftest.py)."""


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def text_for(port: int, more: str = "") -> str:
    return f"title: A day\nname: day\nteams: [{{name: blue}}]\ndrill: first-hour\nhub:\n  port: {port}\n{more}"


@pytest.fixture
def store(free_port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[DayStore]:
    monkeypatch.setattr(background, "start", START)
    found = make_store(plans.read(text_for(free_port), "plan"))
    yield found
    end(found)


def end(store: DayStore) -> None:
    store.remove()
    processes.end("day", processes.KEEPER)
    processes.end("day", processes.HUB)


def said(port: int, request: bytes) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall(request)
        found = b""
        while piece := client.recv(65536):
            found += piece
    return found.decode("latin-1")


def test_a_killed_hub_comes_back_with_whoever_was_in_it(store: DayStore, free_port: int) -> None:
    plan = status.plan_of(store)
    launch.start_hub(store, plan)
    token = store.sessions.begin(store.people.join("blue", "Ada"))
    address = f"http://127.0.0.1:{free_port}/hub/blue/bar"

    def inside() -> bool:
        try:
            return httpx.get(address, cookies={"gameday": token}, trust_env=False, timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    assert inside()
    first = background.running("day", processes.HUB)
    assert first is not None
    os.killpg(first.pid, signal.SIGKILL)
    wait_until(lambda: background.running("day", processes.HUB) not in (None, first), what="another hub", timeout=60)
    wait_until(inside, what="the hub's answer", timeout=60)
    keeping = background.running("day", processes.KEEPER)
    assert keeping is not None
    os.killpg(keeping.pid, signal.SIGKILL)
    wait_until(
        lambda: background.running("day", processes.KEEPER) not in (None, keeping), what="another keeper", timeout=60
    )


def test_nothing_that_two_servers_could_read_in_two_ways_is_answered_with_a_page(
    store: DayStore, free_port: int
) -> None:
    launch.start_hub(store, status.plan_of(store))
    host = f"Host: 127.0.0.1:{free_port}\r\n".encode()
    body = b"0\r\n\r\nGET /alive HTTP/1.1\r\nHost: x\r\n\r\n"
    smuggled = [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + body,
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n" + body,
        b"Transfer-Encoding: chunked\r\n\r\n" + body,
        b"Transfer-Encoding: xchunked\r\n\r\n" + body,
        b"Transfer-Encoding : chunked\r\n\r\n" + body,
        b"Transfer-Encoding:\tchunked\r\nContent-Length: 5\r\n\r\n" + body,
        b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"Content-Length: 5, 5\r\n\r\nhello",
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: +5\r\n\r\nhello",
        b"Content_Length: 5\r\nContent-Length: 0x5\r\n\r\nhello",
        b"X: a\r\n Content-Length: 5\r\n\r\nhello",
        b"X: a\x00b\r\n\r\n",
    ]
    for headers in smuggled:
        answer = said(free_port, b"POST /join/none HTTP/1.1\r\n" + host + b"Connection: close\r\n" + headers)
        assert answer.count("HTTP/1.") <= 1, (headers, answer)
        assert not answer or answer.split()[1] in ("400", "411", "413", "501"), (headers, answer)
    for line in (b"GET http://evil.example/ HTTP/1.1", b"GET //evil.example/ HTTP/1.1", b"GET /t/blue/../x HTTP/1.1"):
        assert said(free_port, line + b"\r\n" + host + b"Connection: close\r\n\r\n").split()[1] == "400"
    two = said(free_port, b"GET /alive HTTP/1.1\r\nHost: evil.example\r\n" + host + b"Connection: close\r\n\r\n")
    assert two.split()[1] in ("400", "421")
    proxy = b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET /alive HTTP/1.1\r\n" + host + b"Connection: close\r\n\r\n"
    assert said(free_port, proxy).split()[1] == "400"
    assert httpx.get(f"http://127.0.0.1:{free_port}/alive", trust_env=False).status_code == 200


def test_it_has_tls_of_its_own(tmp_path: Path, free_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "start", START)
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run(
        [*make, *names, "-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem")],
        check=True,
        capture_output=True,
    )
    more = f"  certificate: cert.pem\n  key: key.pem\n  url: https://localhost:{free_port}/day\n"
    store = make_store(plans.read(text_for(free_port, more), "plan", tmp_path))
    try:
        launch.start_hub(store, status.plan_of(store))
        trusted = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
        found = httpx.get(f"https://localhost:{free_port}/day/", verify=trusted, trust_env=False)
        assert found.status_code == 200
        assert "A day" in found.text
    finally:
        end(store)


def test_no_team_can_take_the_threads_of_another() -> None:
    assert threads_for(8) - threads_for(7) >= 12 + 8 + 24


def test_a_keeper_of_a_game_day_that_is_gone_ends(store: DayStore) -> None:
    store.remove()
    assert not keeper.wanted(store)
    keeper.main("day")
