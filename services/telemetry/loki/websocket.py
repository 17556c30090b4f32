"""The server's end of one WebSocket (RFC 6455) that sends texts and reads nothing but control frames."""

from __future__ import annotations

import base64
import hashlib
import socket
import time
from contextlib import suppress

_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
SEND_SECONDS = 5.0
MAX_FRAME = 4096
"""Bytes of a frame that a client may send: it has nothing to say but that it is there, or goes."""
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA


def accept_key(key: str) -> str:
    """Return what proves to the client that its handshake was understood."""
    return base64.b64encode(hashlib.sha1(f"{key}{_GUID}".encode(), usedforsecurity=False).digest()).decode()


def frame(kind: int, payload: bytes) -> bytes:
    """Return one whole frame, unmasked, as servers send them."""
    size = len(payload)
    if size < 126:
        head = bytes([0x80 | kind, size])
    elif size < 65_536:
        head = bytes([0x80 | kind, 126]) + size.to_bytes(2, "big")
    else:
        head = bytes([0x80 | kind, 127]) + size.to_bytes(8, "big")
    return head + payload


class WebSocket:
    """Owns the connection; who reads too slowly for SEND_SECONDS is cut off with an OSError."""

    def __init__(self, connection: socket.socket, key: str) -> None:
        self._connection = connection
        self._read = b""
        self.open = True
        connection.settimeout(SEND_SECONDS)
        head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        self._send(f"{head}Sec-WebSocket-Accept: {accept_key(key)}\r\n\r\n".encode())

    def send(self, text: str) -> None:
        """Send one message."""
        self._send(frame(TEXT, text.encode()))

    def listen(self, seconds: float) -> None:
        """Answer the client's control frames for so long, or until it goes."""
        until = time.monotonic() + seconds
        while self.open and (left := until - time.monotonic()) > 0:
            self._connection.settimeout(left)
            try:
                came = self._connection.recv(MAX_FRAME)
            except TimeoutError:
                return
            if not came:
                self.open = False
            self._read += came
            while self.open and self._take():
                pass

    def close(self) -> None:
        """Say goodbye, and close the connection."""
        with suppress(OSError):
            self._send(frame(CLOSE, (1000).to_bytes(2, "big")))
        self._connection.close()

    def _take(self) -> bool:
        """Take one whole frame of what was read, and answer it; False where none is whole yet."""
        if len(self._read) < 2:
            return False
        kind, size = self._read[0] & 0x0F, self._read[1] & 0x7F
        start = 2
        if size == 126:
            size, start = int.from_bytes(self._read[2:4], "big"), 4
        if size > MAX_FRAME:
            self.open = False
            return False
        masked = bool(self._read[1] & 0x80)
        end = start + (4 if masked else 0) + size
        if len(self._read) < end:
            return False
        mask, payload = (self._read[start : start + 4], self._read[end - size : end]) if masked else (b"", b"")
        self._read = self._read[end:]
        if not masked or kind == CLOSE:  # a client that does not mask is none
            self.open = False
        elif kind == PING:
            self._send(frame(PONG, bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))))
        return True

    def _send(self, data: bytes) -> None:
        self._connection.settimeout(SEND_SECONDS)
        self._connection.sendall(data)
