"""What a lab publishes lets go of whoever sends half a request."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack
from dataclasses import asdict

import pytest

from labctl.lab.lab import Lab

pytestmark = [pytest.mark.lab, pytest.mark.small]

HALF = {
    "postgres": b"\x00\x00\x00\x50\x00\x03",  # a message of 80 bytes begins
    **dict.fromkeys(("gateway", "telemetry", "prometheus"), b"GET / HTTP/1.1\r\nHost: here\r\nX-"),
}
LONGEST_S = 15.0


def test_half_a_request_is_not_held(lab: Lab) -> None:
    ports = asdict(lab.record.ports)
    with ExitStack() as stack:
        began = time.monotonic()
        held = {name: stack.enter_context(socket.create_connection(("127.0.0.1", ports[name]))) for name in HALF}
        for name, connection in held.items():
            connection.sendall(HALF[name])
        for name, connection in held.items():
            connection.settimeout(max(1.0, LONGEST_S - (time.monotonic() - began)))
            assert is_ended(connection), name


def is_ended(connection: socket.socket) -> bool:
    """Wait until the other side ends a connection; it may say why before."""
    try:
        while connection.recv(1000):
            pass
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False
    return True
