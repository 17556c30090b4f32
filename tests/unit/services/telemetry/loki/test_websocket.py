"""The server's end of a WebSocket, as the standard's own examples have it."""

import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.telemetry.loki.websocket import CLOSE, PING, PONG, TEXT, WebSocket, accept_key, frame

KEY, ACCEPTED = "dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
MASK = b"\x37\xfa\x21\x3d"


@pytest.fixture
def ends() -> Iterator[tuple[WebSocket, socket.socket]]:
    ours, theirs = socket.socketpair()
    theirs.settimeout(5)
    with ours, theirs:
        made = WebSocket(ours, KEY)
        assert f"Sec-WebSocket-Accept: {ACCEPTED}\r\n\r\n".encode() in theirs.recv(4096)
        yield made, theirs


def masked(kind: int, payload: bytes) -> bytes:
    plain = frame(kind, payload)
    head = len(plain) - len(payload)
    hidden = bytes(byte ^ MASK[at % 4] for at, byte in enumerate(payload))
    return plain[:1] + bytes([plain[1] | 0x80]) + plain[2:head] + MASK + hidden


def test_the_handshake_is_answered_as_the_standard_says() -> None:
    assert accept_key(KEY) == ACCEPTED


@given(st.binary(max_size=200))
def test_a_short_frame_says_its_size_in_one_byte_or_two(payload: bytes) -> None:
    made = frame(TEXT, payload)
    assert made[0] == 0x81
    assert made.endswith(payload)
    assert len(made) == len(payload) + (2 if len(payload) < 126 else 4)


def test_a_long_frame_says_its_size_in_eight_bytes() -> None:
    assert frame(TEXT, b"a" * 70_000)[:10] == bytes([0x81, 127]) + (70_000).to_bytes(8, "big")


def test_texts_are_sent_whole(ends: tuple[WebSocket, socket.socket]) -> None:
    server, client = ends
    server.send("Zeile für Zeile")
    assert client.recv(4096) == frame(TEXT, "Zeile für Zeile".encode())


def test_a_ping_is_answered_with_what_it_says(ends: tuple[WebSocket, socket.socket]) -> None:
    server, client = ends
    whole = masked(PING, b"there?")
    for part in (whole[:3], whole[3:]):  # in pieces, as networks deliver it
        client.sendall(part)
        server.listen(0.05)
    assert client.recv(4096) == frame(PONG, b"there?")
    assert server.open


@pytest.mark.parametrize("goodbye", [masked(CLOSE, b"\x03\xe8"), frame(TEXT, b"not masked"), masked(TEXT, b"a" * 5000)])
def test_who_says_goodbye_or_is_no_browser_is_let_go(ends: tuple[WebSocket, socket.socket], goodbye: bytes) -> None:
    server, client = ends
    client.sendall(goodbye)
    server.listen(1)
    assert not server.open


def test_who_is_gone_is_noticed(ends: tuple[WebSocket, socket.socket]) -> None:
    server, client = ends
    client.close()
    server.listen(1)
    assert not server.open
    server.close()


@given(st.binary(max_size=300))
def test_whatever_is_sent_ends_or_is_waited_for(noise: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        server = WebSocket(ours, KEY)
        theirs.sendall(noise)
        server.listen(0.001)
        assert server.open in (True, False)
