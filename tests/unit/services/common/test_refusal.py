from __future__ import annotations

import json
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common import refusal


def answered(status: int, reason: str, detail: str) -> tuple[str, dict[str, str], dict[str, object]]:
    """Return the status line, the headers and the document that a client reads."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        refusal.write(ours, status, reason, detail)
        ours.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: theirs.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    line, *headers = head.decode("latin-1").split("\r\n")
    named = dict(header.split(": ", 1) for header in headers)
    assert int(named["Content-Length"]) == len(body)
    return line, named, json.loads(body)


def test_it_is_a_problem_document_with_a_request_id() -> None:
    line, headers, document = answered(431, "Request Header Fields Too Large", "limit exceeded")
    assert line == "HTTP/1.1 431 Request Header Fields Too Large"
    assert headers["Content-Type"] == "application/problem+json"
    assert headers["Connection"] == "close"
    assert document["status"] == 431
    assert document["detail"] == "limit exceeded"
    assert document["request_id"] == headers["X-Request-Id"]


@given(detail=st.text())
def test_any_detail_is_json(detail: str) -> None:
    assert answered(400, "Bad Request", detail)[2]["detail"] == detail


@pytest.mark.parametrize("status", [400, 599])
def test_a_status_without_a_name_keeps_its_reason(status: int) -> None:
    assert answered(status, "Bad Request", "x")[2]["title"] == "Bad Request"


def test_a_client_that_is_gone_hurts_nobody() -> None:
    ours, theirs = socket.socketpair()
    with ours:
        theirs.close()
        refusal.write(ours, 400, "Bad Request", "x")
        assert ours.fileno() >= 0
