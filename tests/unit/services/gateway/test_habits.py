from __future__ import annotations

import logging
import socket
from collections.abc import Iterator

import pytest
from flask import Flask

from services.gateway import habits
from services.telemetry.fog.level import parse
from tests.support.markdown import ROOT

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    """The client's end of a connection, and the server's."""
    client, server = socket.socketpair()
    yield client, server
    client.close()
    server.close()


@pytest.fixture
def app() -> Flask:
    made = habits.note(Flask(__name__))
    made.add_url_rule("/", view_func=lambda: "served")
    return made


@pytest.mark.parametrize(("headers", "warned"), [({"X-Idempotency-Key": "1"}, True), ({"Idempotency-Key": "1"}, False)])
def test_a_header_that_is_to_go_is_noted_and_served(
    app: Flask, headers: dict[str, str], warned: bool, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        answer = app.test_client().get("/", headers=headers)
    assert answer.text == "served"
    assert ["deprecated header" in each for each in caplog.messages] == [True] * warned


def test_a_client_that_does_not_wait_is_noted(app: Flask, pair: Pair, caplog: pytest.LogCaptureFixture) -> None:
    client, server = pair
    client.close()
    app.test_client().get("/", environ_base={habits.SOCKET: server})
    (line,) = caplog.records
    assert line.getMessage() == "the client hung up before it was answered"
    assert vars(line)["status"] == 200


@pytest.mark.parametrize("sent", [b"", b"GET /next HTTP/1.1\r\n"])
def test_one_that_waits_is_not_and_nothing_of_what_it_sends_is_lost(
    app: Flask, pair: Pair, sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    client, server = pair
    server.settimeout(3.0)  # as gunicorn's have one: nobody may wait for it to look
    client.sendall(sent)
    app.test_client().get("/", environ_base={habits.SOCKET: server})
    assert not caplog.records
    client.close()
    assert server.recv(100) == sent


def test_a_connection_that_is_broken_is_one_that_was_ended(
    app: Flask, pair: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    pair[1].close()
    app.test_client().get("/", environ_base={habits.SOCKET: pair[1]})
    assert len(caplog.records) == 1


def test_a_clear_lab_hears_nothing_of_it() -> None:
    level = parse((ROOT / "compose" / "config" / "fog.json").read_text("utf-8"))
    assert habits.__name__ in level.without_loggers
