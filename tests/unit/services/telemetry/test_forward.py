from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, request

from services.telemetry import counters
from services.telemetry.counters import Counters
from services.telemetry.forward import Forwarder, Payload
from services.telemetry.settings import MIB

Serve = Callable[[Any], str]
PAYLOAD = Payload(
    "/v1/traces", b"\x1f\x8bbytes", {"Content-Type": "application/x-protobuf", "Content-Encoding": "gzip"}
)


def backend(got: list[tuple[str, bytes, dict[str, str]]], status: int = 200) -> Flask:
    app = Flask("backend")

    @app.post("/<path:path>")
    def take(path: str) -> tuple[str, int]:
        got.append((f"/{path}", request.get_data(), dict(request.headers)))
        return "", status

    return app


def test_payloads_arrive_unchanged_with_the_teams_headers(serve: Serve, counts: Counters) -> None:
    got: list[tuple[str, bytes, dict[str, str]]] = []
    forwarder = Forwarder(serve(backend(got)), {"Authorization": "Bearer x"}, MIB, counts)
    forwarder.offer(PAYLOAD)
    forwarder.close()
    ((path, body, headers),) = got
    assert (path, body) == (PAYLOAD.path, PAYLOAD.body)
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Content-Type"] == "application/x-protobuf"
    assert headers["Authorization"] == "Bearer x"
    assert counts.total(counters.FORWARDED) == 1


def test_without_an_endpoint_nothing_is_kept(counts: Counters) -> None:
    forwarder = Forwarder("", {}, 1, counts)
    for _ in range(3):
        forwarder.offer(PAYLOAD)
    forwarder.close()
    assert counts.total(counters.FORWARD_FAILURES) == 0


def test_a_refusal_is_counted_and_the_next_one_goes_on(serve: Serve, counts: Counters) -> None:
    got: list[tuple[str, bytes, dict[str, str]]] = []
    forwarder = Forwarder(serve(backend(got, status=503)), {}, MIB, counts)
    forwarder.offer(PAYLOAD)
    forwarder.offer(PAYLOAD)
    forwarder.close()
    assert len(got) == 2
    assert counts.of(counters.FORWARD_FAILURES) == {(("reason", "HTTPError"),): 2}


def test_a_backend_that_is_away_is_counted(counts: Counters) -> None:
    forwarder = Forwarder("http://127.0.0.1:1", {}, MIB, counts)
    forwarder.offer(PAYLOAD)
    forwarder.close()
    assert counts.of(counters.FORWARD_FAILURES) == {(("reason", "ConnectionError"),): 1}


def test_too_much_waiting_is_dropped_and_counted(serve: Serve, counts: Counters) -> None:
    forwarder = Forwarder(serve(backend([])), {}, len(PAYLOAD.body) - 1, counts)
    forwarder.offer(PAYLOAD)
    forwarder.close()
    assert counts.of(counters.FORWARD_FAILURES) == {(("reason", "queue-full"),): 1}
