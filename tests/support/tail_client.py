"""A client's end of a live tail, as small as it can be."""

from __future__ import annotations

import base64
import json
import socket
from typing import Any
from urllib.parse import urlencode, urlsplit

PATH = "/loki/api/v1/tail"


class TailClient:
    """`status` is what the handshake was answered with; the lines come as messages when it is 101."""

    def __init__(self, url: str, query: str) -> None:
        place = urlsplit(url)
        assert place.hostname
        assert place.port
        self._connection = socket.create_connection((place.hostname, place.port), timeout=20)
        key = base64.b64encode(b"sixteen bytes ok").decode()
        head = f"GET {PATH}?{urlencode({'query': query})} HTTP/1.1\r\nHost: {place.netloc}\r\n"
        upgrade = f"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}"
        self._connection.sendall(f"{head}{upgrade}\r\n\r\n".encode())
        self._file = self._connection.makefile("rb")
        self.status = self._file.readline().split()[1].decode()
        while self._file.readline().strip():
            pass

    def message(self) -> Any:
        head = self._file.read(2)
        size = int.from_bytes(self._file.read(2), "big") if head[1] == 126 else head[1]
        return json.loads(self._file.read(size))

    def close(self) -> None:
        self._file.close()
        self._connection.close()
