from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from loadgen import connections
from loadgen.connections import Clients, Connections, Lost

NOWHERE = "192.0.2.1"


@pytest.fixture(autouse=True)
def nothing_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_lost", Lost())


@pytest.fixture
def port() -> Iterator[int]:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def pool(port: int, monkeypatch: pytest.MonkeyPatch, *addresses: str) -> tuple[Connections, list[float]]:
    """Return a pool for a name with these addresses, and the seconds that each connection to NOWHERE may take."""
    made = Connections("gateway", port, "gateway", port, connection_timeout=2.0, network_timeout=7.0)
    found = [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (each, port)) for each in addresses]
    monkeypatch.setattr(made, "_resolve", lambda: found)

    def connect(one: socket.socket, place: tuple[str, int]) -> None:
        if place[0] == NOWHERE:
            waited.append(one.gettimeout() or 0.0)
            raise TimeoutError
        one.connect(place)

    waited: list[float] = []
    monkeypatch.setattr(made, "_connect_socket", connect)
    return made, waited


def test_an_address_that_does_not_answer_gets_a_short_try(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made, waited = pool(port, monkeypatch, NOWHERE, "127.0.0.1")
    with closing(made._create_socket()) as one:
        assert one.getpeername() == ("127.0.0.1", port)
        assert one.gettimeout() == 7.0
    assert waited == [connections.ATTEMPT_S]


def test_where_something_was_lost_is_tried_last_for_a_moment(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made, waited = pool(port, monkeypatch, NOWHERE, "127.0.0.1")
    for _ in range(3):
        made._create_socket().close()
    assert len(waited) == 1
    later = time.monotonic() + 2 * connections.LOST_S
    monkeypatch.setattr(time, "monotonic", lambda: later)
    made._create_socket().close()
    assert len(waited) == 2


def test_an_address_that_refuses_is_passed_over(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = pool(port, monkeypatch, "127.0.0.2", "127.0.0.1")
    with closing(made._create_socket()) as one:
        assert one.getpeername()[0] == "127.0.0.1"


def test_the_last_address_gets_all_the_time(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made, waited = pool(port, monkeypatch, "127.0.0.2", NOWHERE)
    with pytest.raises(TimeoutError):
        made._create_socket()
    assert waited == [2.0]


def test_a_client_has_our_connections_and_their_limits() -> None:
    clients = Clients(concurrency=5, connection_timeout=3.0, network_timeout=10.0)
    client = clients.get_client("http://gateway:8080/v1")
    assert clients.get_client("http://gateway:8080/other") is client
    made = client._connection_pool
    assert isinstance(made, Connections)
    assert (made.size, made.connection_timeout, made.network_timeout) == (5, 3.0, 10.0)
    clients.close()


def test_a_request_is_answered() -> None:
    clients = Clients(concurrency=5, connection_timeout=3.0, network_timeout=10.0)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            one, _ = server.accept()
            with closing(one):
                one.recv(4096)
                one.sendall(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        assert clients.get_client(f"http://127.0.0.1:{server.getsockname()[1]}").get("/").status_code == 204
        thread.join(10)
    clients.close()
