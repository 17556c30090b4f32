from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, Response, jsonify, request

from services.common import deadline, origin, request_context, tracing
from services.common.http_attempt import Call, Peer, was_stale
from services.common.http_client import ServiceClient
from services.common.upstream import UpstreamUnavailableError
from tests.support.observed import Observed

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture(autouse=True)
def live_key() -> Iterator[None]:
    origin.configure({origin.SETTING: "live-1"})
    yield
    origin.configure({})


@pytest.fixture
def mirror() -> Flask:
    """Return an app that answers with the headers that it was sent."""
    app = Flask("mirror")

    @app.get("/headers")
    def headers() -> Response:
        return jsonify({name.lower(): value for name, value in request.headers.items()})

    return app


def ask(url: str, *, ours: bool) -> dict[str, Any]:
    peer = Peer(url, ours=ours)
    token = request_context.bind("req-9")
    try:
        with deadline.limit(0.7), tracing.tracer().start_as_current_span("caller"):
            return peer.attempt(Call("GET", "/headers"), 2.0, 0).body
    finally:
        request_context.release(token)
        peer.close()


def test_our_own_peers_get_the_context(mirror: Flask, serve: Callable[[Any], str], observed: Observed) -> None:
    sent = ask(serve(mirror), ours=True)
    assert sent["x-request-id"] == "req-9"
    assert 0 < int(sent["x-request-deadline-ms"]) <= 700
    client = observed.span("GET /headers")
    assert client.context is not None
    assert sent["traceparent"].split("-")[1:3] == [f"{client.context.trace_id:032x}", f"{client.context.span_id:016x}"]


def test_strangers_get_none_of_it(mirror: Flask, serve: Callable[[Any], str]) -> None:
    sent = ask(serve(mirror), ours=False)
    assert not {"x-request-id", "x-request-deadline-ms", "traceparent", "x-api-key"} & sent.keys()


def test_our_own_peers_know_a_customers_request(mirror: Flask, serve: Callable[[Any], str]) -> None:
    url = serve(mirror)
    assert ask(url, ours=True)["x-api-key"] == "live-1"
    with origin.of_message({origin.ATTRIBUTE: origin.TEST}):
        assert "x-api-key" not in ask(url, ours=True)


def test_the_span_names_the_template(mirror: Flask, serve: Callable[[Any], str], observed: Observed) -> None:
    peer = Peer(serve(mirror))
    peer.attempt(Call("GET", "/headers?x=1", template="/headers"), 2.0, 1)
    peer.close()
    span = observed.span("GET /headers")
    assert span.attributes is not None
    assert span.attributes["server.address"] == "127.0.0.1"
    assert span.attributes["http.response.status_code"] == 200
    assert span.attributes["http.request.resend_count"] == 1


@pytest.fixture
def closing_server() -> Iterator[str]:
    """Answer one request per connection, then close the connection when the next one comes."""
    listener = socket.create_server(("127.0.0.1", 0))
    open_now: list[socket.socket] = []

    def run() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            open_now.append(connection)
            with connection:
                connection.recv(65536)
                connection.sendall(ANSWER)
                connection.recv(65536)
            open_now.remove(connection)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    for one in (listener, *open_now):
        one.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


def test_a_stale_connection_is_told_from_a_dead_peer(closing_server: str) -> None:
    peer = Peer(closing_server)
    peer.attempt(Call("GET", "/"), 2.0, 0)
    with pytest.raises(UpstreamUnavailableError) as stale:
        peer.attempt(Call("GET", "/"), 2.0, 0)
    peer.close()
    assert was_stale(stale.value)
    dead = Peer("http://127.0.0.1:1")
    with pytest.raises(UpstreamUnavailableError) as refused:
        dead.attempt(Call("GET", "/"), 2.0, 0)
    dead.close()
    assert not was_stale(refused.value)


def test_a_stale_connection_costs_the_caller_nothing(closing_server: str) -> None:
    client = ServiceClient(closing_server, timeout=2.0)
    answers = [client.get("/").status for _ in range(3)]
    client.close()
    assert answers == [200, 200, 200]
