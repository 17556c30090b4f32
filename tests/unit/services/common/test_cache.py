from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
import redis

from services.common import cache
from tests.support.observed import Observed


@pytest.fixture
def server() -> Iterator[str]:
    """Answer every command with OK, and GET with nothing at all."""
    listener = socket.create_server(("127.0.0.1", 0))
    open_now: list[socket.socket] = []

    def talk(connection: socket.socket) -> None:
        with connection:
            while data := connection.recv(65536):
                commands = data.count(b"*")
                if b"GET" not in data:
                    connection.sendall(b"+OK\r\n" * commands)

    def run() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            open_now.append(connection)
            threads.append(threading.Thread(target=talk, args=(connection,)))
            threads[-1].start()

    threads = [threading.Thread(target=run)]
    threads[0].start()
    yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0?protocol=2"
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    for thread in threads:
        thread.join(5)


def test_commands_are_spans(server: str, observed: Observed) -> None:
    with closing(cache.connect(server, timeout=1.0)) as client:
        client.ping()
    assert observed.span("PING")


def test_many_commands_at_once_are_a_span_with_a_short_name(server: str, observed: Observed) -> None:
    with closing(cache.connect(server, timeout=1.0)) as client, client.pipeline(transaction=False) as pipeline:
        for number in range(200):
            pipeline.set(f"key {number}", "x")
        pipeline.execute()
    span = observed.span("PIPELINE SET")
    assert span.attributes
    assert span.attributes["db.redis.pipeline_length"] == 200


def test_polling_leaves_no_spans(server: str, observed: Observed) -> None:
    with closing(cache.connect(server, timeout=1.0, traced=False)) as client:
        client.ping()
    assert observed.spans() == []


def test_a_silent_server_costs_no_more_than_the_timeout(server: str) -> None:
    with closing(cache.connect(server, timeout=0.05)) as client, pytest.raises(redis.TimeoutError):
        client.get("key")


def test_nobody_there() -> None:
    with (
        closing(cache.connect("redis://127.0.0.1:1/0", timeout=0.05)) as client,
        pytest.raises(redis.ConnectionError),
    ):
        client.ping()
