from __future__ import annotations

import json
import socket
from typing import get_type_hints

from hypothesis import given
from hypothesis import strategies as st

from labctl.actions import trying
from labctl.lookups import gateway
from labctl.lookups.gateway import Request, send
from services.common import observe, origin, wire
from tests.support.http_server import RecordedServer

TRACE = "0af7651916cd43dd8448eb211c80319c"


def test_a_request_is_sent_as_a_user_would(server: RecordedServer) -> None:
    server.headers["traceresponse"] = f"00-{TRACE}-b7ad6b7169203331-01"
    server.reply("/v1/checkouts", {"payment_id": "p1"}, status=201)
    answered = send(server.url, Request("POST", "/v1/checkouts", {"amount_minor": 5}, "key-1"))

    assert (answered.status, answered.body, answered.trace_id, answered.failure) == (
        201,
        {"payment_id": "p1"},
        TRACE,
        "",
    )
    assert answered.seconds > 0
    (sent,) = server.requests
    assert (sent.method, json.loads(sent.body)) == ("POST", {"amount_minor": 5})
    assert (sent.headers["idempotency-key"], sent.headers["x-request-id"]) == ("key-1", answered.request_id)
    assert origin.HEADER.lower() not in sent.headers, "it is no client's"


def test_an_error_is_an_answer_too(server: RecordedServer) -> None:
    server.reply("/v1/payments/p1", "upstream <b>broke</b>", status=502)
    answered = send(server.url, Request("GET", "/v1/payments/p1"))
    assert (answered.status, answered.body) == (502, "upstream <b>broke</b>")
    assert "idempotency-key" not in server.requests[0].headers


def test_no_answer_is_what_happened() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        answered = send(f"http://127.0.0.1:{silent.getsockname()[1]}", Request("GET", "/x"), timeout=0.05)
    assert (answered.status, answered.body, answered.failure) == (None, None, "no answer within 0.05 s")


def test_nobody_listening_is_what_happened() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    answered = send(f"http://127.0.0.1:{port}", Request("GET", "/x"))
    assert answered.status is None
    assert answered.failure.startswith("no answer: ")


@given(st.text(st.characters(max_codepoint=126, min_codepoint=33)))
def test_a_header_that_names_no_trace_is_none(header: str) -> None:
    assert gateway._TRACE.fullmatch(header) is None


def test_the_cards_are_the_gateways() -> None:
    assert trying.SCHEMES == wire.SCHEMES


def test_the_services_name_the_trace_in_the_header_that_is_read() -> None:
    assert observe.TRACE_RESPONSE == "traceresponse"


def test_a_checkout_has_what_the_gateway_asks_for() -> None:
    body = trying._checkout(trying.Wanted())
    assert wire.checkout(body) == body
    assert set(body) == set(get_type_hints(wire.CheckoutRequest))
