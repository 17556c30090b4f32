from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from flask import Flask, Response, jsonify, request

from services.common import deadline
from services.common.breaker import BreakerState, CircuitBreaker
from services.common.http_client import ServiceClient
from services.common.problem import ProblemError
from services.common.retry import RetryBudget, RetryPolicy
from services.common.upstream import (
    BreakerOpenError,
    UpstreamFailedError,
    UpstreamTimeoutError,
    UpstreamUnavailableError,
)
from tests.support.observed import Observed

Serve = Callable[[Any], str]


class Peer:
    """A service that fails with `statuses` first, in their order."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.calls = 0
        self.app = Flask("peer")
        self.app.add_url_rule("/work", view_func=self.work, methods=["GET", "POST"])

    def work(self) -> Response:
        self.calls += 1
        if self.statuses and (status := self.statuses.pop(0)) != 200:
            return ProblemError(status, "peer-says-no", "not now").response()
        return jsonify(call=self.calls)


@pytest.fixture
def connect() -> Iterator[Callable[..., ServiceClient]]:
    with ExitStack() as clients:

        def make(url: str, *, attempts: int = 1, breaker: CircuitBreaker | None = None, **more: Any) -> ServiceClient:
            policy = RetryPolicy(attempts, sleep=lambda _: None, budget=more.pop("budget", None))
            client = ServiceClient(url, timeout=more.pop("timeout", 2.0), policy=policy, breaker=breaker, **more)
            clients.callback(client.close)
            return client

        yield make


def test_success(serve: Serve, connect: Callable[..., ServiceClient]) -> None:
    answer = connect(serve(Peer().app)).get("/work")
    assert (answer.status, answer.body, answer.ok) == (200, {"call": 1}, True)


def test_a_refusal_is_an_answer(serve: Serve, connect: Callable[..., ServiceClient]) -> None:
    peer = Peer(409)
    answer = connect(serve(peer.app), attempts=3).post("/work", {}, idempotent=True)
    assert (answer.status, answer.ok, peer.calls) == (409, False, 1)
    assert answer.body["detail"] == "not now"


def test_a_bad_moment_is_tried_again(serve: Serve, connect: Callable[..., ServiceClient], observed: Observed) -> None:
    before = observed.value("http.client.request.retries", server_address="127.0.0.1")
    answer = connect(serve(Peer(503, 502).app), attempts=3).post("/work", {}, idempotent=True)
    assert answer.body == {"call": 3}
    assert observed.value("http.client.request.retries", server_address="127.0.0.1") == before + 2
    spans = observed.spans("POST /work")
    assert [(span.attributes or {}).get("http.request.resend_count") for span in spans] == [None, 1, 2]
    assert [(span.attributes or {}).get("error.type") for span in spans] == ["503", "502", None]


def test_attempts_run_out(serve: Serve, connect: Callable[..., ServiceClient]) -> None:
    peer = Peer(503, 503, 503)
    with pytest.raises(UpstreamFailedError) as caught:
        connect(serve(peer.app), attempts=2).get("/work")
    assert (caught.value.status, peer.calls) == (503, 2)
    assert caught.value.answer is not None
    assert caught.value.answer.body["detail"] == "not now"


def test_what_is_not_idempotent_is_sent_once(serve: Serve, connect: Callable[..., ServiceClient]) -> None:
    peer = Peer(503)
    with pytest.raises(UpstreamFailedError):
        connect(serve(peer.app), attempts=3).post("/work", {})
    assert peer.calls == 1


def test_a_defect_of_the_peer_is_not_retried(serve: Serve, connect: Callable[..., ServiceClient]) -> None:
    peer = Peer(500)
    with pytest.raises(UpstreamFailedError):
        connect(serve(peer.app), attempts=3).get("/work")
    assert peer.calls == 1


def test_the_budget_stops_retries(serve: Serve, connect: Callable[..., ServiceClient]) -> None:
    peer = Peer(*[503] * 10)
    client = connect(serve(peer.app), attempts=3, budget=RetryBudget(0.0, capacity=1))
    for _ in range(2):
        with pytest.raises(UpstreamFailedError):
            client.get("/work")
    assert peer.calls == 3


def test_timeout(serve: Serve, connect: Callable[..., ServiceClient], observed: Observed, stuck: Flask) -> None:
    labels = {"error_type": "timeout", "server_address": "127.0.0.1"}
    before = observed.count("http.client.request.duration", **labels)
    with pytest.raises(UpstreamTimeoutError, match="deadline exceeded"):
        connect(serve(stuck), timeout=0.05).get("/work")
    assert observed.count("http.client.request.duration", **labels) == before + 1


def test_the_deadline_cuts_the_timeout(serve: Serve, connect: Callable[..., ServiceClient], stuck: Flask) -> None:
    client = connect(serve(stuck), timeout=30, attempts=3)
    with deadline.limit(0.05), pytest.raises(UpstreamTimeoutError):
        client.get("/work")


def test_after_the_deadline_nobody_is_called(serve: Serve, connect: Callable[..., ServiceClient]) -> None:
    peer = Peer()
    client = connect(serve(peer.app))
    with deadline.limit(0), pytest.raises(UpstreamTimeoutError, match="before the call"):
        client.get("/work")
    assert peer.calls == 0


def test_nobody_there(connect: Callable[..., ServiceClient]) -> None:
    with pytest.raises(UpstreamUnavailableError):
        connect("http://127.0.0.1:1").get("/work")


def test_not_json_is_no_answer(serve: Serve, connect: Callable[..., ServiceClient]) -> None:
    app = Flask("peer")
    app.add_url_rule("/work", view_func=lambda: "<html>")
    with pytest.raises(UpstreamFailedError, match="other than a JSON object"):
        connect(serve(app)).get("/work")


def test_the_breaker_opens_and_stops_the_calls(serve: Serve, connect: Callable[..., ServiceClient]) -> None:
    peer = Peer(*[500] * 10)
    breaker = CircuitBreaker(least_calls=3)
    client = connect(serve(peer.app), breaker=breaker)
    for _ in range(3):
        with pytest.raises(UpstreamFailedError):
            client.get("/work")
    with pytest.raises(BreakerOpenError):
        client.get("/work")
    assert (breaker.state, peer.calls) == (BreakerState.OPEN, 3)


def test_the_breaker_state_is_a_gauge(serve: Serve, connect: Callable[..., ServiceClient], observed: Observed) -> None:
    breaker = CircuitBreaker(least_calls=1)
    connect(serve(Peer().app), breaker=breaker)
    breaker.record(success=False)
    assert observed.value("circuit_breaker.state", server_address="127.0.0.1") == BreakerState.OPEN


def test_a_probe_goes_past_breaker_and_telemetry(
    serve: Serve, connect: Callable[..., ServiceClient], observed: Observed
) -> None:
    breaker = CircuitBreaker(least_calls=1)
    breaker.record(success=False)
    connect(serve(Peer().app), breaker=breaker).probe("/work")
    assert observed.spans() == []


def test_a_failing_probe_raises(serve: Serve, connect: Callable[..., ServiceClient]) -> None:
    with pytest.raises(UpstreamFailedError):
        connect(serve(Peer(503).app)).probe("/work")


@pytest.fixture
def stuck() -> Iterator[Flask]:
    """Yield a peer that answers only when the test is over."""
    over = threading.Event()
    app = Flask("stuck")

    @app.get("/work")
    def work() -> Response:
        over.wait(10)
        return jsonify(late=request.path)

    yield app
    over.set()
